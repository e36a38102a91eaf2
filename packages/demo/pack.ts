/** Bytes for a page, which unpack.ts opens. */
import { gzipSync } from "node:zlib";

/** Compressed, as letters that may stand in HTML. */
export const packed = (bytes: Uint8Array): string => gzipSync(bytes, { level: 9 }).toString("base64");

/**
 * onnxruntime's WebAssembly out of the page itself. onnxruntime asks the browser's `fetch` for it, and a page
 * that is opened from the disk may fetch nothing, not even what lies beside it: in the page's program
 * (bundle.ts) this `fetch` stands in the other one's place.
 */

let engine: Uint8Array | undefined;

/** Says what fetch() gives from now on. */
export const holdEngine = (wasm: Uint8Array): void => {
  engine = wasm;
};

export const fetch = async (): Promise<Response> =>
  new Response(engine, { headers: { "content-type": "application/wasm" } });

/** Bytes that stand in a page compressed and as letters. */

/** The bytes that packed() of pack.ts has written. */
export async function unpacked(letters: string): Promise<Uint8Array> {
  const text = atob(letters),
    bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

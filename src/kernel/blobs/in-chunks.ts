/** What `source` gives, in pieces of exactly `size` bytes; the last one may be shorter, and there is none of nothing. */
export async function* inChunks(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const given of source) {
    let rest = given;
    while (bytes + rest.byteLength >= size) {
      const taken = size - bytes;
      yield Buffer.concat([...parts, rest.subarray(0, taken)], size);
      rest = rest.subarray(taken);
      parts = [];
      bytes = 0;
    }
    if (rest.byteLength === 0) continue;
    parts.push(rest);
    bytes += rest.byteLength;
  }
  if (bytes > 0) yield Buffer.concat(parts, bytes);
}

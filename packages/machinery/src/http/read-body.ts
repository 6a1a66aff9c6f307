/** A body that is to be read whole; throws one that is larger, of which `what` tells. */
export async function readBody(body: AsyncIterable<Buffer>, mostBytes: number, what = 'the answer'): Promise<Buffer> {
  const read = await readBeginning(body, mostBytes + 1);
  if (read.length > mostBytes) throw new Error(`${what} is larger than ${mostBytes} bytes`);
  return read;
}

/** A body as far as `mostBytes`; what is longer is not waited for. */
export async function readBeginning(body: AsyncIterable<Buffer>, mostBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= mostBytes) break;
  }
  return Buffer.concat(pieces, Math.min(bytes, mostBytes));
}

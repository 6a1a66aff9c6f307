import { plainFailure, quote } from '@keelson/machinery';

const maxUint64 = 2n ** 64n - 1n;

/** The revision that an object says it is of. What is none is told of in Go's words, and by no status. */
export function parseRevision(text: string): bigint {
  if (!/^\d+$/.test(text)) throw unreadable(text, 'invalid syntax');
  const revision = BigInt(text);
  if (revision > maxUint64) throw unreadable(text, 'value out of range');
  return revision;
}

function unreadable(text: string, why: string): Error {
  return plainFailure(`strconv.ParseUint: parsing ${quote(text)}: ${why}`);
}

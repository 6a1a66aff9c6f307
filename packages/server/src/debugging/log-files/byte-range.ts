/** A part of a file; both ends are included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * What a Range header asks for of `size` bytes. Undefined: everything, also for several ranges at once, which a server
 * need not serve. A text: why it cannot be had.
 */
export function byteRange(header: string, size: number): ByteRange | undefined | 'invalid range' | 'invalid range: failed to overlap' {
  if (header === '' || header.includes(',')) return undefined;
  const [, start = '', end = ''] = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/.exec(header) ?? [];
  if (start === '' && end === '') return 'invalid range';
  if (start !== '' && end !== '' && Number(end) < Number(start)) return 'invalid range';
  if (size === 0) return undefined;
  const first = start === '' ? Math.max(size - Number(end), 0) : Number(start);
  const last = start === '' || end === '' ? size - 1 : Math.min(Number(end), size - 1);
  return first >= size ? 'invalid range: failed to overlap' : { first, last };
}

/** Why bytes are not UTF-8, in the words of Kubernetes' reader of YAML. Only to be asked about such bytes. */
export function utf8Problem(bytes: Uint8Array): string {
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] as number;
    const width = widthOf(first);
    if (width === 0) return 'invalid leading UTF-8 octet';
    if (at + width > bytes.length) return 'incomplete UTF-8 octet sequence';
    let code = width === 1 ? first : first & (0x7f >> width);
    for (let i = 1; i < width; i++) {
      const octet = bytes[at + i] as number;
      if ((octet & 0xc0) !== 0x80) return 'invalid trailing UTF-8 octet';
      code = (code << 6) | (octet & 0x3f);
    }
    if (code < (smallest[width] as number)) return 'invalid length of a UTF-8 sequence';
    if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return 'invalid Unicode character';
    at += width;
  }
  throw new RangeError('the bytes are UTF-8');
}

/** The first code of each width. */
const smallest = [0, 0, 0x80, 0x800, 0x10000];

/** How many bytes the character has that begins with that one; 0 where none does. */
export function widthOf(octet: number): number {
  if (octet < 0x80) return 1;
  if ((octet & 0xe0) === 0xc0) return 2;
  if ((octet & 0xf0) === 0xe0) return 3;
  return (octet & 0xf8) === 0xf0 ? 4 : 0;
}

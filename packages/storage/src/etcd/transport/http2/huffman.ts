import { ConnectionError, ErrorCode } from './protocol.js';

/**
 * How many bits each octet has in the Huffman code of HPACK (RFC 7541, appendix B). The code is canonical: codes of a length
 * follow one another in the order of their octets, those of the next length go on behind them.
 */
// biome-ignore format: a table
const CODE_BITS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
];

const MAX_BITS = Math.max(...CODE_BITS);
/** Fewer bits than a whole octet may fill the last one up, all of them ones. */
const MAX_PADDING_BITS = 7;

/** The codes of one length: that of the first octet, and the octets. */
interface Codes {
  readonly first: number;
  readonly octets: readonly number[];
}

/** By length. */
const CODES = canonicalCodes();

function canonicalCodes(): readonly Codes[] {
  const codes: Codes[] = [];
  let next = 0;
  for (let bits = 0; bits <= MAX_BITS; bits++) {
    const octets = CODE_BITS.flatMap((length, octet) => (length === bits ? [octet] : []));
    codes.push({ first: next, octets });
    next = (next + octets.length) << 1;
  }
  return codes;
}

/** The text of a string that is Huffman-coded (RFC 7541, 5.2), a character an octet. Bit by bit: such strings are few and short. */
export function decodeHuffman(coded: Uint8Array): string {
  const octets: number[] = [];
  let code = 0;
  let bits = 0;
  for (let at = 0; at < coded.length * 8; at++) {
    code = (code << 1) | (((coded[at >>> 3] as number) >>> (7 - (at & 7))) & 1);
    bits++;
    const { first, octets: ofLength } = codesOf(bits);
    const octet = ofLength[code - first];
    if (octet === undefined) continue;
    octets.push(octet);
    code = 0;
    bits = 0;
  }
  if (bits > MAX_PADDING_BITS || code !== 2 ** bits - 1) throw malformed();
  return Buffer.from(octets).toString('latin1');
}

function codesOf(bits: number): Codes {
  const codes = CODES[bits];
  // What has no code of any length begins that of the end of a string, which must not occur.
  if (codes === undefined) throw malformed();
  return codes;
}

function malformed(): ConnectionError {
  return new ConnectionError(ErrorCode.COMPRESSION_ERROR, 'a Huffman code that does not end');
}

import { decodeHuffman } from './huffman.js';
import { ConnectionError, ErrorCode } from './protocol.js';
import { STATIC_TABLE } from './static-table.js';

/** A header field; both are octets, as characters. */
export type Field = readonly [name: string, value: string];

/** What a field begins with, by its highest bits, and how many bits of an integer follow in that octet (RFC 7541, 6). */
const INDEXED = { bit: 0x80, prefix: 7 } as const;
const LITERAL_TO_INDEX = { bit: 0x40, prefix: 6 } as const;
const TABLE_SIZE = { bit: 0x20, prefix: 5 } as const;
const LITERAL = { prefix: 4 } as const;
const HUFFMAN = { bit: 0x80, prefix: 7 } as const;

/** More octets of an integer would be none that anything here needs. */
const MAX_INTEGER_OCTETS = 5;

/**
 * The fields of a header block whose sender was told to keep no table (SETTINGS_HEADER_TABLE_SIZE 0): every block can be read
 * by itself.
 */
export function decodeFields(block: Buffer): readonly Field[] {
  const reader = new BlockReader(block);
  const fields: Field[] = [];
  while (reader.isTableSize) reader.skipTableSize();
  while (!reader.atEnd) fields.push(reader.field());
  return fields;
}

/** Fields as literals that nobody needs to remember, or by their index where they have one. */
export function encodeFields(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.map(encodeField));
}

class BlockReader {
  readonly #block: Buffer;
  #at = 0;

  constructor(block: Buffer) {
    this.#block = block;
  }

  get atEnd(): boolean {
    return this.#at === this.#block.length;
  }

  /** Only at the beginning of a block. */
  get isTableSize(): boolean {
    return ((this.#block[this.#at] ?? 0) & 0xe0) === TABLE_SIZE.bit;
  }

  skipTableSize(): void {
    if (this.#integer(TABLE_SIZE.prefix) > 0) throw malformed('a table larger than allowed');
  }

  field(): Field {
    const first = this.#block[this.#at] as number;
    if ((first & INDEXED.bit) !== 0) return tableEntry(this.#integer(INDEXED.prefix));
    if ((first & LITERAL_TO_INDEX.bit) !== 0) return this.#literal(LITERAL_TO_INDEX.prefix);
    if ((first & TABLE_SIZE.bit) !== 0) throw malformed('a size of the table behind fields');
    return this.#literal(LITERAL.prefix);
  }

  #literal(prefix: number): Field {
    const index = this.#integer(prefix);
    const name = index === 0 ? this.#string() : tableEntry(index)[0];
    return [name, this.#string()];
  }

  /** RFC 7541, 5.1. */
  #integer(prefix: number): number {
    const max = 2 ** prefix - 1;
    const first = this.#octet() & max;
    if (first < max) return first;
    let value = max;
    for (let octets = 0; octets < MAX_INTEGER_OCTETS; octets++) {
      const octet = this.#octet();
      value += (octet & 0x7f) * 2 ** (7 * octets);
      if (octet < 0x80) return value;
    }
    throw malformed('an integer that does not end');
  }

  /** RFC 7541, 5.2. */
  #string(): string {
    const coded = ((this.#block[this.#at] ?? 0) & HUFFMAN.bit) !== 0;
    const length = this.#integer(HUFFMAN.prefix);
    const end = this.#at + length;
    if (end > this.#block.length) throw endsEarly();
    const octets = this.#block.subarray(this.#at, end);
    this.#at = end;
    return coded ? decodeHuffman(octets) : octets.toString('latin1');
  }

  #octet(): number {
    const octet = this.#block[this.#at];
    if (octet === undefined) throw endsEarly();
    this.#at++;
    return octet;
  }
}

function tableEntry(index: number): Field {
  const entry = STATIC_TABLE[index - 1];
  if (entry === undefined) throw malformed(`index ${index} of a table without entries`);
  return entry;
}

function encodeField([name, value]: Field): Buffer {
  const index = 1 + STATIC_TABLE.findIndex((entry) => entry[0] === name && entry[1] === value);
  if (index > 0) return encodeInteger(INDEXED.bit, INDEXED.prefix, index);
  const nameIndex = 1 + STATIC_TABLE.findIndex((entry) => entry[0] === name);
  const start = encodeInteger(0, LITERAL.prefix, nameIndex);
  return Buffer.concat(nameIndex > 0 ? [start, encodeString(value)] : [start, encodeString(name), encodeString(value)]);
}

function encodeString(text: string): Buffer {
  const octets = Buffer.from(text, 'latin1');
  return Buffer.concat([encodeInteger(0, HUFFMAN.prefix, octets.length), octets]);
}

function encodeInteger(bits: number, prefix: number, value: number): Buffer {
  const max = 2 ** prefix - 1;
  if (value < max) return Buffer.of(bits | value);
  const octets = [bits | max];
  let rest = value - max;
  for (; rest >= 0x80; rest >>>= 7) octets.push((rest & 0x7f) | 0x80);
  return Buffer.from([...octets, rest]);
}

function endsEarly(): ConnectionError {
  return malformed('a header block ends within a field');
}

function malformed(message: string): ConnectionError {
  return new ConnectionError(ErrorCode.COMPRESSION_ERROR, message);
}

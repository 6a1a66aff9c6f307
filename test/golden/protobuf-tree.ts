import type { JsonObject, JsonValue } from './json-value.js';

const magic = Buffer.from('k8s\0');

export function isProtobuf(bytes: Uint8Array): boolean {
  return magic.equals(bytes.subarray(0, magic.length));
}

/** The envelope of a protobuf body, its object as a tree `[[field number, value], …]`. */
export function decodeEnvelope(bytes: Uint8Array): JsonObject {
  const envelope = readFields(bytes.subarray(magic.length)) ?? fail('the envelope does not parse');
  const field = (number: number) => envelope.find((entry) => entry.number === number)?.value;
  const typeMeta = readFields(bytesOf(field(1))) ?? fail('the type in the envelope does not parse');
  const text = (value: FieldValue | undefined) => Buffer.from(bytesOf(value)).toString();
  return {
    magic: true,
    apiVersion: text(typeMeta.find(({ number }) => number === 1)?.value),
    kind: text(typeMeta.find(({ number }) => number === 2)?.value),
    raw: tree(readFields(bytesOf(field(2))) ?? fail('the object does not parse')),
    contentEncoding: text(field(3)),
    contentType: text(field(4)),
  };
}

type FieldValue = { readonly varint: bigint } | { readonly fixed: Uint8Array } | { readonly bytes: Uint8Array };
interface Field {
  readonly number: number;
  readonly value: FieldValue;
}

function fail(message: string): never {
  throw new Error(`protobuf: ${message}`);
}

function bytesOf(value: FieldValue | undefined): Uint8Array {
  return value !== undefined && 'bytes' in value ? value.bytes : new Uint8Array();
}

function tree(fields: readonly Field[]): JsonValue {
  return fields.map(({ number, value }) => [number, shown(value)]);
}

function shown(value: FieldValue): JsonValue {
  if ('varint' in value) return Number(value.varint);
  if ('fixed' in value) return hex(value.fixed);
  return shownBytes(value.bytes);
}

/** A printable text is a text, even where it would parse as a message too ("pv" does). */
function shownBytes(bytes: Uint8Array): JsonValue {
  const text = utf8(bytes);
  if (text !== undefined && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) return text;
  const fields = readFields(bytes);
  return fields === undefined ? (text ?? hex(bytes)) : tree(fields);
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}

/** The fields of a message; undefined when the bytes are none. */
function readFields(bytes: Uint8Array): readonly Field[] | undefined {
  const reader = new FieldReader(bytes);
  const fields: Field[] = [];
  while (!reader.atEnd) {
    const field = reader.field();
    if (field === undefined) return undefined;
    fields.push(field);
  }
  return fields;
}

/** Reads without throwing: any bytes may turn out not to be a message. */
class FieldReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  field(): Field | undefined {
    const tag = this.#varint();
    if (tag === undefined) return undefined;
    const number = Number(tag >> 3n);
    const value = number === 0 ? undefined : this.#value(Number(tag & 7n));
    return value && { number, value };
  }

  #value(wireType: number): FieldValue | undefined {
    if (wireType === 0) return wrap(this.#varint(), (varint) => ({ varint }));
    if (wireType === 1) return wrap(this.#take(8), (fixed) => ({ fixed }));
    if (wireType === 5) return wrap(this.#take(4), (fixed) => ({ fixed }));
    if (wireType !== 2) return undefined;
    const length = this.#varint();
    return length === undefined ? undefined : wrap(this.#take(Number(length)), (bytes) => ({ bytes }));
  }

  #varint(): bigint | undefined {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) return undefined;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  }

  #take(length: number): Uint8Array | undefined {
    if (length > this.#bytes.length - this.#at) return undefined;
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }
}

function wrap<T>(value: T | undefined, make: (value: T) => FieldValue): FieldValue | undefined {
  return value === undefined ? undefined : make(value);
}

import { Buffer } from 'node:buffer';
import type { Json } from '@keelson/machinery';
import { type Codec, DecodeError, type Omission, type StrictSink } from '../kind.js';
import { type MessageTable, messageTable } from '../table/message-table.js';
import { inspect } from './inspect.js';
import { type Era, valueCodec } from './message-codec.js';
import { normalize } from './normalize.js';
import { omittingManagedFields } from './omitted.js';
import { readBackwards, readForwards } from './scratch.js';
import { stamp } from './stamp.js';
import { unknownMembers } from './unknown-members.js';
import { Mismatch, NotCanonical, type ValueCodec } from './value-codec.js';

const codecs = new Map<string, Codec<object>>();

/** The codec of a built-in message by its full name, `core.v1.Pod`. */
export function codecOf<T extends object>(fullName: string): Codec<T> {
  let codec = codecs.get(fullName);
  if (!codec) {
    codec = new BuiltInCodec<object>(messageTable(fullName));
    codecs.set(fullName, codec);
  }
  return codec as Codec<T>;
}

const NEWLINE = 0x0a;

class BuiltInCodec<T extends object> implements Codec<T> {
  readonly #table: MessageTable;
  readonly #era: Era;
  readonly #values: ValueCodec;

  constructor(table: MessageTable) {
    this.#table = table;
    this.#era = table.gone ? 'gone' : 'current';
    this.#values = valueCodec(table.fullName, this.#era);
  }

  fromJson(value: Json, strict?: StrictSink): T {
    unknownMembers.found = false;
    const canonical = this.#canonical(value);
    if (strict && unknownMembers.found) inspect(this.#table, this.#era, value, strict);
    return canonical;
  }

  #canonical(value: Json): T {
    try {
      return this.#values.canonical(value) as T;
    } catch (error) {
      if (isStackOverflow(error)) throw new DecodeError('exceeded max depth', { cause: error });
      if (!(error instanceof Mismatch) && !(error instanceof DecodeError)) throw error;
      inspect(this.#table, this.#era, value);
      throw error;
    }
  }

  encode(object: T): Uint8Array {
    return readBackwards((buffer) => this.#values.encode(object, buffer, buffer.length));
  }

  decode(message: Uint8Array, omission?: Omission): T {
    return omission === undefined ? this.#decode(message) : omittingManagedFields(() => this.#decode(message));
  }

  #decode(message: Uint8Array): T {
    return this.#reading(message, (bytes) => this.#values.decode(bytes, 0, bytes.length)) as T;
  }

  toJson(message: Uint8Array, resourceVersion?: string): Buffer {
    return this.#reading(message, (bytes) => readForwards((buffer) => this.#writeJson(bytes, resourceVersion, buffer, 0)));
  }

  toDocument(message: Uint8Array, head: Buffer, resourceVersion?: string): Buffer {
    return this.#reading(message, (bytes) =>
      readForwards((buffer) => {
        // The brace that the text opens with lies under the last byte of the head.
        const end = this.#writeJson(bytes, resourceVersion, buffer, head.length - 1);
        head.copy(buffer);
        buffer[end] = NEWLINE;
        return end + 1;
      }),
    );
  }

  #writeJson(bytes: Buffer, resourceVersion: string | undefined, out: Buffer, at: number): number {
    stamp.pending = resourceVersion;
    try {
      return this.#values.json(bytes, 0, bytes.length, out, at);
    } finally {
      stamp.pending = undefined;
    }
  }

  #reading<R>(message: Uint8Array, read: (bytes: Buffer) => R): R {
    const bytes = Buffer.isBuffer(message) ? message : Buffer.from(message.buffer, message.byteOffset, message.byteLength);
    try {
      return read(bytes);
    } catch (error) {
      if (error instanceof NotCanonical) return read(normalize(this.#table, bytes));
      throw error instanceof RangeError ? unreadable(error) : error;
    }
  }
}

function isStackOverflow(error: unknown): error is RangeError {
  return error instanceof RangeError && !('code' in error);
}

/** Positions beyond the bytes, or more nesting than the stack holds. */
function unreadable(error: RangeError): DecodeError {
  return new DecodeError(isStackOverflow(error) ? 'exceeded max depth' : 'unexpected EOF', { cause: error });
}

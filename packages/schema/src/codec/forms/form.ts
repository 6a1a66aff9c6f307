import { Buffer } from 'node:buffer';
import { formatJson } from '@keelson/machinery';
import { DecodeError } from '../../kind.js';
import { putRaw } from '../json-out.js';
import type { ValueCodec } from '../value-codec.js';

/** What every form shares: text and JSON follow from the value. Forms on hot paths have shorter ways. */
export abstract class Form implements ValueCodec {
  abstract decode(b: Buffer, at: number, end: number): unknown;
  abstract encode(value: unknown, b: Buffer, at: number): number;
  abstract canonical(value: unknown): unknown;

  json(b: Buffer, at: number, end: number, out: Buffer, to: number): number {
    const text = Buffer.from(formatJson(this.decode(b, at, end)));
    return putRaw(text, 0, text.length, out, to);
  }

  members(): number {
    throw new Error('not an object');
  }
}

export function rejected(error: unknown): DecodeError {
  return new DecodeError(error instanceof Error ? error.message : String(error), { cause: error });
}

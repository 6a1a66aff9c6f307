import type { Buffer } from 'node:buffer';

/**
 * How one message type moves between its forms. What is compiled calls these for its parts; see wire.ts and
 * json-out.ts for the conventions about positions.
 */
export interface ValueCodec {
  /** Canonical value of the message between two positions. `into`, when given, receives the fields of an object. */
  decode(b: Buffer, at: number, end: number, into?: Record<string, unknown>): unknown;
  /** Writes the message so that it ends at `at`; gives its start. Absent (undefined, null) writes nothing. */
  encode(value: unknown, b: Buffer, at: number): number;
  /** Writes the JSON text of the message. */
  json(b: Buffer, at: number, end: number, out: Buffer, to: number): number;
  /** Writes the JSON members of an object, each behind a comma. Forms that are no object never get asked. */
  members(b: Buffer, at: number, end: number, out: Buffer, to: number): number;
  /** Canonical value from JSON, null included. Throws on ill-typed values; the text need not be the final one. */
  canonical(value: unknown, into?: Record<string, unknown>): unknown;
}

/** The JSON value does not fit its type. Replaced by an error that says where: see inspect.ts. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
}

/** A message is written in an unusual way (parts of it in several places); see normalize.ts. */
export class NotCanonical extends Error {
  override readonly name = 'NotCanonical';
}

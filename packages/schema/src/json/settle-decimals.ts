import { Decimal, type Json, type JsonObject } from '@keelson/machinery';
import { setMember } from '../codec/set-member.js';
import { DecodeError } from '../kind.js';
import type { FieldSchema, TypeSchema } from '../schema.js';

/**
 * The value with decimals left where its type reads integers, to be refused there. A quantity is read from the text of
 * its number; elsewhere a number is a number.
 */
export function settleDecimals(type: TypeSchema, value: Json): Json {
  if (value instanceof Decimal) return settledSpecial(type, value);
  return mapMembers(value, (key, member) => settledField(type, type.fields.get(key), member));
}

/** The value with plain numbers only. Throws `DecodeError` for what no number holds. */
export function withoutDecimals(value: Json): Json {
  if (value instanceof Number) return numberOf(value);
  if (Array.isArray(value)) return value.map(withoutDecimals);
  if (typeof value !== 'object' || value === null) return value;
  return mapMembers(value, (_key, member) => withoutDecimals(member));
}

function numberOf(value: unknown): number {
  const plain = Number(value);
  if (Number.isFinite(plain)) return plain;
  throw new DecodeError(`json: cannot unmarshal number ${value} into Go value of type float64`);
}

function settledSpecial({ special }: TypeSchema, value: Decimal): Json {
  if (special === 'quantity') return String(value);
  return special === 'intOrString' ? (value as unknown as Json) : numberOf(value);
}

function settledField(owner: TypeSchema, field: FieldSchema | undefined, value: Json): Json {
  if (field === undefined) return withoutDecimals(value);
  if (field.cardinality === 'list' && Array.isArray(value)) return value.map((item) => settledValue(owner, field, item));
  if (field.cardinality === 'map') return mapMembers(value, (_key, member) => settledValue(owner, field, member));
  return settledValue(owner, field, value);
}

const integers: ReadonlySet<string | undefined> = new Set(['int32', 'int64', 'uint32']);

function settledValue(owner: TypeSchema, { message, scalar }: FieldSchema, value: Json): Json {
  if (message === undefined) return integers.has(scalar) && value instanceof Decimal ? (value as unknown as Json) : withoutDecimals(value);
  // A union of a schema and something else, which only schemas have.
  if (!message.special?.startsWith('jsonSchema')) return settleDecimals(message, value);
  return Array.isArray(value) ? value.map((item) => settleDecimals(owner, item)) : settleDecimals(owner, value);
}

function mapMembers(value: Json, map: (key: string, member: Json) => Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Number) return withoutDecimals(value);
  const mapped: JsonObject = {};
  for (const [key, member] of Object.entries(value)) setMember(mapped, key, map(key, member));
  return mapped;
}

import type { Json, JsonObject } from '@keelson/machinery';
import { DecodeError, type KindSchema, type StrictSink } from '../kind.js';
import type { FieldSchema, TypeSchema } from '../schema.js';
import { restoreProblem } from './restore-problem.js';
import { setMember } from './set-member.js';

/**
 * Reads an object that is made of values, not of text, as strategic patches and apply leave it: Kubernetes cuts integers
 * to the bits that their fields have, and tells what else is wrong with it in other words. Throws `DecodeError`.
 */
export function restoreObject<T extends object>(kind: KindSchema<T>, value: Json, strict?: StrictSink): T {
  if (kind.codec.fromApplied !== undefined) return kind.codec.fromApplied(value);
  try {
    return kind.codec.fromJson(value, strict);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return restoreCut(kind, cutIntegers(kind.type, value), strict);
  }
}

function restoreCut<T extends object>(kind: KindSchema<T>, value: Json, strict: StrictSink | undefined): T {
  try {
    return kind.codec.fromJson(value, strict);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new DecodeError(restoreProblem(kind as KindSchema<object>, value) ?? error.message, { cause: error });
  }
}

function cutIntegers(type: TypeSchema, value: Json): Json {
  return mapMembers(value, (key, member) => cutField(type.fields.get(key), member));
}

function cutField(field: FieldSchema | undefined, value: Json): Json {
  if (field === undefined) return value;
  const cut = (item: Json) => (field.message === undefined ? cutInteger(field.scalar, item) : cutIntegers(field.message, item));
  if (Array.isArray(value)) return value.map(cut);
  return field.cardinality === 'map' ? mapMembers(value, (_key, member) => cut(member)) : cut(value);
}

const widths: Readonly<Record<string, number>> = { int32: 32, int64: 64, uint32: 32 };
const minInt64 = -(2n ** 63n);

function cutInteger(scalar: string | undefined, value: Json | bigint): Json {
  const width = widths[scalar ?? ''];
  if (width === undefined || !(typeof value === 'bigint' || Number.isInteger(value))) return value as Json;
  const whole = BigInt(value as number | bigint);
  // What is no integer of 64 bits becomes the least of them.
  const cut = BigInt.asIntN(width, BigInt.asIntN(64, whole) === whole ? whole : minInt64);
  return (Number.isSafeInteger(Number(cut)) ? Number(cut) : cut) as Json;
}

function mapMembers(value: Json, map: (key: string, member: Json) => Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const mapped: JsonObject = {};
  for (const [key, member] of Object.entries(value)) setMember(mapped, key, map(key, member));
  return mapped;
}

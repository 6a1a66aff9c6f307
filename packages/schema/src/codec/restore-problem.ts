import type { Json } from '@keelson/machinery';
import { DecodeError, type KindSchema } from '../kind.js';
import { messageNameOf } from '../kinds/built-in-kind.js';
import { type MessageField, type MessageTable, messageTable } from '../table/message-table.js';
import { canonicalBase64 } from './base64.js';
import { goTypeOfItem } from './go-type.js';
import { inspect, typeMetaFields } from './inspect.js';

/**
 * Why the object that a strategic patch leaves cannot be read, in the words of Kubernetes: it takes such an object
 * field by field in the order of the type, without writing it as text in between, so that it stops at another fault and
 * says less of it than decoding does. Undefined where that finds nothing.
 */
export function restoreProblem(kind: KindSchema<object>, value: Json): string | undefined {
  try {
    restoreMessage(messageTable(messageNameOf(kind)), value);
    return undefined;
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}

function restoreMessage(table: MessageTable, value: Json): void {
  if (table.form !== undefined) inspect(table, table.gone ? 'gone' : 'current', value);
  else if (!isObject(value)) throw new DecodeError(`cannot restore struct from: ${reflectKind(value)}`);
  else restoreFields(table, value);
}

function restoreFields(table: MessageTable, value: { [key: string]: Json }): void {
  if (table.apiVersions.length > 0) for (const field of typeMetaFields) restoreField(field, value[field.name]);
  for (const field of table.fields) {
    if (field.inline && field.message !== undefined) restoreFields(messageTable(field.message), value);
    else restoreField(field, value[field.name]);
  }
}

function restoreField(field: MessageField, value: Json | undefined): void {
  if (value === undefined || value === null) return;
  if (field.cardinality === 'one') restoreValue(field, value);
  else if (field.cardinality === 'list') {
    if (!Array.isArray(value)) throw new DecodeError(`cannot restore slice from ${reflectKind(value)}`);
    for (const item of value) restoreValue(field, item);
  } else {
    if (!isObject(value)) throw new DecodeError(`cannot restore map from ${reflectKind(value)}`);
    for (const item of Object.values(value)) restoreValue(field, item);
  }
}

/** A value, a list's item or a map's value. Null is the zero value. */
function restoreValue(field: MessageField, value: Json): void {
  if (value === null) return;
  if (field.message !== undefined) restoreMessage(messageTable(field.message), value);
  else if (field.scalar === 'bytes') restoreBytes(value);
  else restoreScalar(field, value);
}

function restoreBytes(value: Json): void {
  if (typeof value !== 'string') throw new DecodeError(`cannot restore slice from ${reflectKind(value)}`);
  try {
    canonicalBase64(value);
  } catch (error) {
    throw error instanceof DecodeError ? new DecodeError(`error decoding from json: ${error.message}`) : error;
  }
}

/** What Go converts a value to; to others of these it says that it cannot, and of the rest that it does not know them. */
const restorable: Readonly<Record<string, readonly string[]>> = {
  string: ['string'],
  bool: ['bool'],
  int64: ['int32', 'int64', 'uint32', 'float', 'double'],
  float64: ['float', 'double'],
};
const convertible: Readonly<Record<string, readonly string[]>> = { int64: ['string'], float64: ['int32', 'int64', 'uint32'] };
const goKinds: Readonly<Record<string, string>> = { double: 'float64', float: 'float32' };

function restoreScalar(field: MessageField, value: Json): void {
  const from = reflectKind(value);
  const { scalar = '' } = field;
  if (restorable[from]?.includes(scalar)) return;
  if (convertible[from]?.includes(scalar)) throw new DecodeError(`cannot convert ${from} to ${goTypeOfItem(field)}`);
  throw new DecodeError(`unrecognized type: ${goKinds[scalar] ?? scalar}`);
}

function reflectKind(value: Json): string {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'object') return Array.isArray(value) ? 'slice' : 'map';
  return typeof value === 'bigint' || Number.isInteger(value) ? 'int64' : 'float64';
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

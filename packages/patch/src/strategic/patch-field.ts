import type { FieldSchema, TypeSchema } from '@keelson/schema';
import { StrategicPatchError } from './strategic-patch-error.js';

/** What values are made of: a struct with known fields, or anything else, named by its kind in messages. */
export type PatchSchema = TypeSchema | 'map' | 'string' | 'slice';

/** How one field is merged. */
export interface PatchField {
  readonly strategy: 'merge' | 'replace' | undefined;
  readonly mergeKey: string | undefined;
  /** Schema of the field's value, or of its items when it is a list. */
  readonly schema: PatchSchema;
}

/** Looks up how the member `key` of an object is merged. Only structs can say. */
export function patchField(schema: PatchSchema, key: string): PatchField {
  if (typeof schema === 'string') {
    throw new StrategicPatchError(`merging an object in json but data type is not struct, instead is: ${schema}`);
  }
  const field = schema.fields.get(key);
  if (!field) {
    throw new StrategicPatchError(`unable to find api field in struct ${shortName(schema)} for the json field ${JSON.stringify(key)}`);
  }
  return { strategy: strategyOf(field), mergeKey: field.patchMergeKey, schema: valueSchema(field) };
}

export function schemaKind(schema: PatchSchema): string {
  return typeof schema === 'string' ? schema : 'struct';
}

function strategyOf({ patchStrategy }: FieldSchema): PatchField['strategy'] {
  if (patchStrategy.has('merge')) return 'merge';
  return patchStrategy.has('replace') ? 'replace' : undefined;
}

function valueSchema(field: FieldSchema): PatchSchema {
  if (field.cardinality === 'map') return 'map';
  return field.message ?? (field.scalar === 'bytes' ? 'slice' : 'string');
}

function shortName({ name }: TypeSchema): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

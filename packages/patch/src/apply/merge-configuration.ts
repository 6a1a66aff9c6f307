import type { Json, JsonObject } from '@keelson/machinery';
import type { TypeSchema } from '@keelson/schema';
import { isJsonObject } from '../json/own-property.js';
import { describeMisfit } from '../managed-fields/describe-misfit.js';
import { type MergeType, objectType } from '../managed-fields/merge-type.js';
import { mergeApplied } from './merge-applied.js';

/**
 * Lays what an apply configuration names over an object, as server-side apply does, but for nobody who would own it.
 * Throws when it does not fit the schema, or names what can only be replaced as a whole. Neither is changed.
 */
export function mergeConfiguration(object: JsonObject, configuration: JsonObject, schema: TypeSchema): JsonObject {
  const type = objectType(schema);
  const misfit = describeMisfit(configuration, type);
  if (misfit !== '') throw new Error(`failed to convert patch object to typed object: ${misfit}`);
  const whole = wholes(configuration, type, '');
  if (whole.length > 0) throw new Error(`invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${whole.join(', ')}`);
  return mergeApplied(object, configuration, type);
}

/** Paths of the objects and lists that are one value to server-side apply. */
function wholes(value: Json, type: MergeType, path: string): string[] {
  if (Array.isArray(value)) {
    const items = type.form === 'list' ? value.flatMap((item, i) => wholes(item, type.items, `${path}[${i}]`)) : [];
    return isWhole(type, true) ? [path, ...items] : items;
  }
  if (!isJsonObject(value)) return [];
  const members =
    type.form === 'struct'
      ? Object.entries(value).flatMap(([name, member]) => {
          const field = type.field(name);
          return field === undefined ? [] : wholes(member, field.type, `${path}.${name}`);
        })
      : [];
  return isWhole(type, false) ? [path, ...members] : members;
}

function isWhole(type: MergeType, list: boolean): boolean {
  switch (type.form) {
    case 'opaque':
      return true;
    case 'any':
      return list;
    case 'list':
      return list && type.relation === 'atomic';
    case 'scalar':
      return false;
    default:
      return !list && type.atomic;
  }
}

import { type FieldPath, Quantity, quote } from '@keelson/machinery';
import type { ResourceList } from '../pod/resource-list.js';

/** Bytes come whole: warns of those among the `names` that do not. */
export function fractionalByteWarnings(list: ResourceList | undefined, names: readonly string[], at: FieldPath): string[] {
  return names.flatMap((name) => {
    const text = list?.[name];
    if (text === undefined || Quantity.parse(text).parts[1] >= 0) return [];
    return [`${at.key(name)}: fractional byte value ${quote(text)} is invalid, must be an integer`];
  });
}

import type { FieldSet } from './field-set.js';
import { isEmpty, leaf } from './field-set.js';
import { type MergeType, StructType } from './merge-type.js';
import { type PathElement, selfElement } from './path-element.js';

/**
 * Adapts a set to a schema that changed since it was recorded: where a value has become atomic, owning parts of it
 * becomes owning it. Returns `set` itself when nothing is to do.
 */
export function reconcile(set: FieldSet, type: MergeType): FieldSet {
  if (type.form === 'any' || type.form === 'scalar' || isEmpty(set)) return set;
  if (isAtomic(type)) return leaf;
  let result: { [element: PathElement]: FieldSet } | undefined;
  for (const element in set) {
    const node = set[element] as FieldSet;
    const below = element === selfElement ? undefined : typeBelow(type, element);
    const reconciled = below ? reconcile(node, below) : node;
    if (reconciled === node) continue;
    result ??= { ...set };
    result[element] = reconciled;
  }
  return result ?? set;
}

function isAtomic(type: MergeType): boolean {
  if (type.form === 'list') return type.relation === 'atomic';
  return type.form === 'opaque' || ((type.form === 'struct' || type.form === 'map') && type.atomic);
}

/** The type of what an element leads to; undefined when the schema does not know it. */
export function typeBelow(type: MergeType, element: PathElement): MergeType | undefined {
  if (type instanceof StructType) return type.field(element.slice(2))?.type;
  if (type.form === 'map') return element.startsWith('f:') ? type.values : undefined;
  if (type.form === 'list') return element.startsWith('f:') ? undefined : type.items;
  return undefined;
}

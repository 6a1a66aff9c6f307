import { type Json, type JsonObject, jsonEqual } from '@keelson/machinery';
import { getOwn, isJsonObject } from '../json/own-property.js';
import { type FieldSet, leaf, nodeOf, withMembership } from './field-set.js';
import { listElement } from './list-element.js';
import { anyType, type ListType, type MapType, type MergeType, type StructType } from './merge-type.js';
import { compareElements, fieldElement, type PathElement, selfElement } from './path-element.js';
import { withoutManagedFields } from './without-managed-fields.js';

/** What a write did to an object. */
export interface Comparison {
  /** Paths added, and paths with another value than before. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

type Node = { [element: PathElement]: FieldSet };

/** Collects the two sets, level by level. */
interface Changes {
  readonly changed: Node;
  readonly removed: Node;
}

/**
 * Compares two states of an object. Lists that are sets or maps compare item by item, whatever their order; what is
 * atomic compares as a whole. Throws `ListItemError` when items cannot be told apart. `metadata.managedFields` does
 * not count.
 */
export function compareObjects(before: JsonObject, after: JsonObject, type: StructType): Comparison {
  const changes: Changes = { changed: {}, removed: {} };
  compareStruct(withoutManagedFields(before), withoutManagedFields(after), type, changes);
  return changes;
}

/** The node of a value that only one of the two states has: it is in the set, and so is all below it. */
function wholeNode(value: Json, type: MergeType): FieldSet {
  if (typeof value !== 'object' || value === null) return leaf;
  if (Array.isArray(value)) return type.form === 'list' ? wholeList(value, type) : leaf;
  switch (type.form) {
    case 'struct':
      return type.atomic ? leaf : wholeStruct(value, type);
    case 'map':
      return type.atomic ? leaf : wholeMap(value, type.values);
    case 'any':
      return wholeMap(value, anyType);
    default:
      return leaf;
  }
}

function wholeStruct(object: JsonObject, type: StructType): FieldSet {
  const node: Node = {};
  let any = false;
  for (const field of type.fields) {
    const value = field.shadowed ? getOwn(object, field.name) : object[field.name];
    if (value === undefined) continue;
    if (!any) node[selfElement] = leaf;
    any = true;
    node[field.element] = wholeNode(value, field.type);
  }
  if (!type.open) return any ? node : leaf;
  const others = Object.keys(object).filter((name) => !type.field(name));
  if (others.length === 0) return any ? node : leaf;
  for (const name of others) node[fieldElement(name)] = wholeNode(object[name] as Json, anyType);
  node[selfElement] = leaf;
  return nodeOf(Object.entries(node));
}

function wholeMap(object: JsonObject, values: MergeType): FieldSet {
  const names = Object.keys(object);
  if (names.length === 0) return leaf;
  const node: Node = { [selfElement]: leaf };
  for (const name of names.sort()) node[fieldElement(name)] = wholeNode(object[name] as Json, values);
  return node;
}

function wholeList(list: readonly Json[], type: ListType): FieldSet {
  if (type.relation === 'atomic' || list.length === 0) return leaf;
  const items = indexItems(list, type);
  const node: Node = { [selfElement]: leaf };
  for (const element of [...items.keys()].sort(compareElements)) node[element] = wholeItems(items.get(element) as Json[], type);
  return node;
}

/** Items that share an element are owned together. */
function wholeItems(items: readonly Json[], type: ListType): FieldSet {
  return items.length === 1 ? wholeNode(items[0] as Json, type.items) : leaf;
}

function compareMember(element: PathElement, before: Json | undefined, after: Json | undefined, type: MergeType, into: Changes): void {
  if (before === after) return;
  if (before === undefined) into.changed[element] = wholeNode(after as Json, type);
  else if (after === undefined) into.removed[element] = wholeNode(before, type);
  else compareValue(element, before, after, type, into);
}

function compareValue(element: PathElement, before: Json, after: Json, type: MergeType, into: Changes): void {
  const below = type.form === 'any' ? compareUntyped(before, after) : compareTyped(before, after, type);
  if (below === undefined) {
    if (!jsonEqual(before, after)) into.changed[element] = leaf;
    return;
  }
  if (hasAny(below.changed)) into.changed[element] = withMembership(below.changed, selfElement in below.changed) as FieldSet;
  if (hasAny(below.removed)) into.removed[element] = below.removed;
}

/** What differs below; undefined when the two compare as a whole. Null, and what has the wrong shape, counts as empty. */
function compareTyped(before: Json, after: Json, type: MergeType): Changes | undefined {
  if (type.form === 'list') return compareLists(before, after, type);
  if (type.form !== 'struct' && type.form !== 'map') return undefined;
  const left = isJsonObject(before) ? before : {};
  const right = isJsonObject(after) ? after : {};
  if (type.atomic || (!hasAny(left) && !hasAny(right))) return undefined;
  const changes: Changes = { changed: {}, removed: {} };
  if (type.form === 'struct') compareStruct(left, right, type, changes);
  else compareMaps(left, right, type, changes);
  return changes;
}

function compareStruct(before: JsonObject, after: JsonObject, type: StructType, into: Changes): void {
  for (const field of type.fields) {
    const { name } = field;
    const left = field.shadowed ? getOwn(before, name) : before[name];
    const right = field.shadowed ? getOwn(after, name) : after[name];
    if (left !== right) compareMember(field.element, left, right, field.type, into);
  }
  if (!type.open) return;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !type.field(name));
  if (names.length === 0) return;
  for (const name of names) compareMember(fieldElement(name), getOwn(before, name), getOwn(after, name), anyType, into);
  sortInPlace(into.changed);
  sortInPlace(into.removed);
}

function compareMaps(before: JsonObject, after: JsonObject, { values }: Pick<MapType, 'values'>, into: Changes): void {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const name of [...names].sort()) compareMember(fieldElement(name), getOwn(before, name), getOwn(after, name), values, into);
}

/** Without a schema the values say what they are; where they disagree, the path itself has changed. */
function compareUntyped(before: Json, after: Json): Changes | undefined {
  const left = isJsonObject(before) ? before : {};
  const right = isJsonObject(after) ? after : {};
  if (!hasAny(left) && !hasAny(right)) return undefined;
  const changes: Changes = { changed: {}, removed: {} };
  if (!isObjectOrNull(before) || !isObjectOrNull(after)) changes.changed[selfElement] = leaf;
  compareMaps(left, right, { values: anyType }, changes);
  return changes;
}

function compareLists(before: Json, after: Json, type: ListType): Changes | undefined {
  const left = Array.isArray(before) ? before : [];
  const right = Array.isArray(after) ? after : [];
  if (type.relation === 'atomic' || (left.length === 0 && right.length === 0)) return undefined;
  const changes: Changes = { changed: {}, removed: {} };
  // Most lists are as they were, and then their items need no elements.
  if (jsonEqual(left, right)) return changes;
  const leftItems = indexItems(left, type);
  const rightItems = indexItems(right, type);
  const elements = new Set([...leftItems.keys(), ...rightItems.keys()]);
  for (const element of [...elements].sort(compareElements)) {
    compareItems(element, leftItems.get(element) ?? [], rightItems.get(element) ?? [], type, changes);
  }
  return changes;
}

/** Several items with the same element compare as one value. */
function compareItems(element: PathElement, before: readonly Json[], after: readonly Json[], type: ListType, into: Changes): void {
  if (before.length <= 1 && after.length <= 1) {
    compareMember(element, before[0], after[0], type.items, into);
  } else if (before.length > 1 && after.length > 1) {
    if (!jsonEqual([...before], [...after])) into.changed[element] = leaf;
  } else {
    if (before.length > 0) into.removed[element] = wholeItems(before, type);
    if (after.length > 0) into.changed[element] = wholeItems(after, type);
  }
}

function indexItems(list: readonly Json[], type: ListType): Map<PathElement, Json[]> {
  const items = new Map<PathElement, Json[]>();
  for (const item of list) {
    const element = listElement(item, type);
    const same = items.get(element);
    if (same) same.push(item);
    else items.set(element, [item]);
  }
  return items;
}

function isObjectOrNull(value: Json): boolean {
  return value === null || isJsonObject(value);
}

function hasAny(value: Json | FieldSet): boolean {
  for (const _ in value as object) return true;
  return false;
}

function sortInPlace(node: Node): void {
  const entries = Object.entries(node).sort(([a], [b]) => compareElements(a, b));
  for (const [element] of entries) delete node[element];
  for (const [element, child] of entries) node[element] = child;
}

import type { Json, JsonObject } from '@keelson/machinery';
import { getOwn, isJsonObject } from '../json/own-property.js';
import { emptySet, type FieldSet, leaf, nodeOf, withMembership } from '../managed-fields/field-set.js';
import { listElement } from '../managed-fields/list-element.js';
import { anyType, type ListType, type MergeType, type StructType } from '../managed-fields/merge-type.js';
import { fieldElement, type PathElement } from '../managed-fields/path-element.js';

/** The fields an object names: what its applier owns. Objects that only hold fields are not owned themselves. */
export function appliedSet(object: JsonObject, type: StructType): FieldSet {
  return structNode(object, type) ?? emptySet;
}

/** The node of a value; undefined when nothing in it is owned. */
function valueNode(value: Json, type: MergeType): FieldSet | undefined {
  switch (type.form) {
    case 'scalar':
    case 'opaque':
      return leaf;
    case 'any':
      return isJsonObject(value) ? mapNode(value, anyType) : leaf;
    case 'list':
      if (type.relation === 'atomic') return leaf;
      return Array.isArray(value) ? listNode(value, type) : undefined;
    case 'map':
      if (type.atomic) return leaf;
      return isJsonObject(value) ? mapNode(value, type.values) : undefined;
    default:
      if (type.atomic) return leaf;
      return isJsonObject(value) ? structNode(value, type) : undefined;
  }
}

function structNode(object: JsonObject, type: StructType): FieldSet | undefined {
  const result: { [element: PathElement]: FieldSet } = {};
  let found = 0;
  let any = false;
  for (const field of type.fields) {
    const value = field.shadowed ? getOwn(object, field.name) : object[field.name];
    if (value === undefined) continue;
    found++;
    const node = isBare(value) ? leaf : valueNode(value, field.type);
    if (!node) continue;
    result[field.element] = node;
    any = true;
  }
  const names = type.open ? Object.keys(object) : [];
  if (!type.open || names.length === found) return any ? result : undefined;
  for (const name of names) if (!type.field(name)) result[fieldElement(name)] = ownedNode(object[name] as Json, anyType);
  return nodeOf(Object.entries(result));
}

/** Members of a map belong to whoever names them, whatever they hold. */
function mapNode(object: JsonObject, values: MergeType): FieldSet | undefined {
  const children: [PathElement, FieldSet][] = [];
  for (const [name, value] of Object.entries(object)) {
    children.push([fieldElement(name), ownedNode(value, values)]);
  }
  return children.length > 0 ? nodeOf(children) : undefined;
}

/** Items belong to whoever lists them; several with the same element belong to them as one. */
function listNode(list: readonly Json[], type: ListType): FieldSet | undefined {
  const nodes = new Map<PathElement, FieldSet>();
  for (const item of list) {
    const element = listElement(item, type);
    nodes.set(element, nodes.has(element) ? leaf : ownedNode(item, type.items));
  }
  return nodes.size > 0 ? nodeOf([...nodes]) : undefined;
}

/** Nulls and empty objects have no members that could tell that they were set. */
function isBare(value: Json): boolean {
  if (typeof value !== 'object' || Array.isArray(value)) return false;
  for (const _ in value) return false;
  return true;
}

/** The node of a value that is owned besides what is in it. */
function ownedNode(value: Json, type: MergeType): FieldSet {
  return withMembership(valueNode(value, type), true) ?? leaf;
}

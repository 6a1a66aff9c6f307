import type { Json, JsonObject } from '@keelson/machinery';
import { isJsonObject } from '../json/own-property.js';
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
  const children: [PathElement, FieldSet][] = [];
  for (const [name, value] of Object.entries(object)) {
    const field = type.field(name);
    const node = valueNode(value, field?.type ?? anyType);
    const owned = field ? withMembership(node, isBare(value) || (node !== undefined && isOwn(node))) : withMembership(node, true);
    if (owned) children.push([fieldElement(name), owned]);
  }
  return children.length > 0 ? nodeOf(children) : undefined;
}

/** Members of a map belong to whoever names them, whatever they hold. */
function mapNode(object: JsonObject, values: MergeType): FieldSet | undefined {
  const children: [PathElement, FieldSet][] = [];
  for (const [name, value] of Object.entries(object)) {
    children.push([fieldElement(name), withMembership(valueNode(value, values), true) ?? leaf]);
  }
  return children.length > 0 ? nodeOf(children) : undefined;
}

/** Items belong to whoever lists them; several with the same element belong to them as one. */
function listNode(list: readonly Json[], type: ListType): FieldSet | undefined {
  const nodes = new Map<PathElement, FieldSet>();
  for (const item of list) {
    const element = listElement(item, type);
    nodes.set(element, nodes.has(element) ? leaf : (withMembership(valueNode(item, type.items), true) ?? leaf));
  }
  return nodes.size > 0 ? nodeOf([...nodes]) : undefined;
}

/** Nulls and empty objects have no members that could tell that they were set. */
function isBare(value: Json): boolean {
  return value === null || (isJsonObject(value) && Object.keys(value).length === 0);
}

/** A value that is owned as a whole. */
function isOwn(node: FieldSet): boolean {
  return node === leaf;
}

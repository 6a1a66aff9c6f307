import type { Json } from '@keelson/machinery';
import { maxDepth } from '../json/max-depth.js';
import { isJsonObject } from '../json/own-property.js';
import { type FieldSet, leaf } from './field-set.js';
import { canonicalElement, compareElements, selfElement } from './path-element.js';

/**
 * Reads FieldsV1 that a client sent: brings elements into canonical form and order and leaves out what is unknown.
 * Returns `value` itself when there is nothing to do. Throws SyntaxError when it is not FieldsV1.
 */
export function readFieldsV1(value: Json, depth = maxDepth): FieldSet {
  if (value === null) return leaf;
  if (!isJsonObject(value)) throw new SyntaxError('managed fields must be an object');
  if (depth === 0) throw new SyntaxError('managed fields nest too deep');
  const nodes: [string, FieldSet][] = [];
  for (const [text, child] of Object.entries(value)) {
    const element = text === selfElement ? text : canonicalElement(text);
    if (element !== undefined) nodes.push([element, element === selfElement ? leaf : readFieldsV1(child, depth - 1)]);
  }
  if (nodes.length === 1 && nodes[0]?.[0] === selfElement) return leaf;
  if (isCanonical(value, nodes)) return value as FieldSet;
  const result: { [element: string]: FieldSet } = {};
  for (const [element, node] of nodes.sort(([a], [b]) => compareElements(a, b))) result[element] = node;
  return result;
}

function isCanonical(value: { readonly [text: string]: Json }, nodes: readonly [string, FieldSet][]): boolean {
  if (nodes.length !== Object.keys(value).length) return false;
  let last: string | undefined;
  for (const [element, node] of nodes) {
    if (element !== selfElement && value[element] !== node) return false;
    if (last !== undefined && compareElements(last, element) >= 0) return false;
    last = element;
  }
  return true;
}

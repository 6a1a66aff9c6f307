import { compareElements, type PathElement, selfElement } from './path-element.js';

/**
 * A set of field paths in the shape FieldsV1 has on the wire (KEP-555), so that reading and writing need no mapping.
 * A node's members are its elements; a leaf `{}` is a path in the set; a node with children is in the set itself
 * only when it has the element `.`. Elements stand in canonical order. Immutable: nodes are shared between sets.
 */
export interface FieldSet {
  readonly [element: PathElement]: FieldSet;
}

type Mutable = { [element: PathElement]: FieldSet };

export const emptySet: FieldSet = Object.freeze({});
/** The node of a path that is in the set with nothing below it. */
export const leaf: FieldSet = emptySet;

export function isEmpty(set: FieldSet): boolean {
  for (const _ in set) return false;
  return true;
}

/** Whether the path that leads to `node` is itself in the set. */
export function isMember(node: FieldSet): boolean {
  if (selfElement in node) return true;
  return isEmpty(node);
}

/** `node` with its own membership as given; undefined when nothing is left of it. */
export function withMembership(node: FieldSet | undefined, member: boolean): FieldSet | undefined {
  if (!node || !hasChildren(node)) return member ? leaf : undefined;
  if (selfElement in node === member) return node;
  const result: Mutable = {};
  if (member) result[selfElement] = leaf;
  for (const element in node) if (element !== selfElement) result[element] = node[element] as FieldSet;
  return result;
}

function hasChildren(node: FieldSet): boolean {
  for (const element in node) if (element !== selfElement) return true;
  return false;
}

/** Makes a node from elements in any order. */
export function nodeOf(children: readonly (readonly [PathElement, FieldSet])[]): FieldSet {
  const result: Mutable = {};
  for (const [element, node] of [...children].sort(([a], [b]) => compareElements(a, b))) result[element] = node;
  return result;
}

/** The set of `paths`, each a list of elements. */
export function setOfPaths(paths: readonly (readonly PathElement[])[]): FieldSet {
  let result = emptySet;
  for (const path of paths) {
    result = union(
      result,
      path.reduceRight<FieldSet>((node, element) => ({ [element]: node }), leaf),
    );
  }
  return result;
}

export function has(set: FieldSet, path: readonly PathElement[]): boolean {
  let node: FieldSet | undefined = set;
  for (const element of path) {
    node = node[element];
    if (!node) return false;
  }
  return isMember(node);
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmpty(b)) return a;
  if (isEmpty(a)) return b;
  const result: Mutable = {};
  let added = false;
  let changed = false;
  for (const element in a) {
    const left = a[element] as FieldSet;
    const right = b[element];
    const both = right ? unionNodes(left, right) : left;
    if (both !== left) changed = true;
    result[element] = both;
  }
  for (const element in b) {
    if (element in result) continue;
    result[element] = b[element] as FieldSet;
    added = true;
  }
  if (added) return sorted(result);
  return changed ? result : a;
}

function unionNodes(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a)) return withMembership(b, true) as FieldSet;
  if (isEmpty(b)) return withMembership(a, true) as FieldSet;
  return union(a, b);
}

/** The paths of `a` that are not in `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (left, right) => reduced(left, difference(left, right), isMember(left) && !isMember(right)));
}

/** The paths of `a` that are not in `b` and not below a path in `b`. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (left, right) => (isMember(right) ? undefined : reduced(left, recursiveDifference(left, right), isMember(left))));
}

function reduced(node: FieldSet, remaining: FieldSet, member: boolean): FieldSet | undefined {
  return remaining === node && isMember(node) === member ? node : withMembership(remaining, member);
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const result: Mutable = {};
  for (const element in a) {
    const right = b[element];
    if (!right || element === selfElement) continue;
    const left = a[element] as FieldSet;
    const both = withMembership(intersection(left, right), isMember(left) && isMember(right));
    if (both) result[element] = both;
  }
  return result;
}

export function equal(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true;
  let count = 0;
  for (const element in a) {
    const right = b[element];
    if (!right || !equal(a[element] as FieldSet, right)) return false;
    count++;
  }
  for (const _ in b) count--;
  return count === 0;
}

/** Calls `visit` for every path: the members of a node first, then what is below them. */
export function forEachPath(set: FieldSet, visit: (path: readonly PathElement[]) => void, prefix: readonly PathElement[] = []): void {
  for (const element in set) if (element !== selfElement && isMember(set[element] as FieldSet)) visit([...prefix, element]);
  for (const element in set) {
    if (element === selfElement) continue;
    const node = set[element] as FieldSet;
    if (hasChildren(node)) forEachPath(node, visit, [...prefix, element]);
  }
}

/** `a` with every node that `b` also has replaced by what `decide` makes of the two; `a` itself when nothing changes. */
function combine(a: FieldSet, b: FieldSet, decide: (left: FieldSet, right: FieldSet) => FieldSet | undefined): FieldSet {
  let result: Mutable | undefined;
  for (const element in b) {
    const left = a[element];
    if (!left || element === selfElement) continue;
    const kept = decide(left, b[element] as FieldSet);
    if (kept === left) continue;
    result ??= { ...a };
    if (kept) result[element] = kept;
    else delete result[element];
  }
  return result ?? a;
}

function sorted(node: Mutable): FieldSet {
  const elements = Object.keys(node).sort(compareElements);
  const result: Mutable = {};
  for (const element of elements) result[element] = node[element] as FieldSet;
  return result;
}

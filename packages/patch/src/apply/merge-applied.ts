import type { Json, JsonObject } from '@keelson/machinery';
import { getOwn, isJsonObject, setOwn } from '../json/own-property.js';
import { listElement } from '../managed-fields/list-element.js';
import { anyType, type ListType, type MergeType, type StructType } from '../managed-fields/merge-type.js';
import type { PathElement } from '../managed-fields/path-element.js';

/** Lays an applied object over the live one: what it names it sets, what it does not name stays. */
export function mergeApplied(live: JsonObject, applied: JsonObject, type: StructType): JsonObject {
  return mergeMembers(live, applied, (name) => type.field(name)?.type ?? anyType);
}

function mergeValue(live: Json | undefined, applied: Json, type: MergeType): Json {
  if (live === undefined) return applied;
  switch (type.form) {
    case 'scalar':
    case 'opaque':
      return applied;
    case 'list':
      return type.relation === 'atomic' ? applied : mergeList(live, applied, type);
    case 'any':
      return isJsonObject(applied) || applied === null ? mergeObject(live, applied, () => anyType) : applied;
    case 'map':
      return type.atomic ? applied : mergeObject(live, applied, () => type.values);
    default:
      return type.atomic ? applied : mergeObject(live, applied, (name) => type.field(name)?.type ?? anyType);
  }
}

/** Null says nothing about what is inside: it does not take the place of an object or list that has something. */
function mergeObject(live: Json, applied: Json, typeOf: (name: string) => MergeType): Json {
  if (!isJsonObject(live) || Object.keys(live).length === 0) return applied;
  return isJsonObject(applied) ? mergeMembers(live, applied, typeOf) : live;
}

function mergeMembers(live: JsonObject, applied: JsonObject, typeOf: (name: string) => MergeType): JsonObject {
  const result = { ...live };
  for (const [name, value] of Object.entries(applied)) setOwn(result, name, mergeValue(getOwn(live, name), value, typeOf(name)));
  return result;
}

/**
 * Items of both lists come in the order of the applied one; items that only the live one has stay where they were
 * between them.
 */
function mergeList(live: Json, applied: Json, type: ListType): Json {
  if (!Array.isArray(live) || live.length === 0) return applied;
  if (!Array.isArray(applied)) return live;
  const liveItems = live.map((item) => [listElement(item, type), item] as const);
  const liveByElement = indexUnique(liveItems);
  const pending = applied.map((item) => [listElement(item, type), item] as const);
  const appliedElements = new Set(pending.map(([element]) => element));
  const result: Json[] = [];
  const takeNext = () => {
    const [element, item] = pending.shift() as readonly [PathElement, Json];
    result.push(mergeValue(liveByElement.get(element), item, type.items));
    return element;
  };
  let shared = pending.map(([element]) => element).filter((element) => liveByElement.has(element));
  for (const [element, item] of liveItems) {
    if (!appliedElements.has(element)) result.push(item);
    else if (element === shared[0]) {
      while (takeNext() !== element);
      shared = shared.slice(1);
    }
  }
  while (pending.length > 0) takeNext();
  return result;
}

/** Items that cannot be told apart give way to the applied one. */
function indexUnique(items: readonly (readonly [PathElement, Json])[]): Map<PathElement, Json> {
  const index = new Map<PathElement, Json>();
  for (const [element, item] of items) index.set(element, index.has(element) ? null : item);
  return index;
}

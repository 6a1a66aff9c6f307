import type { Json, JsonObject } from '@keelson/machinery';
import { formatPlain } from '../go-format.js';
import { getOwn, isJsonObject } from '../json/own-property.js';
import { elementOrderPrefix, hasPatchDirective, patchDirective } from './directives.js';
import { badArgument, noMergeKey, StrategicPatchError } from './strategic-patch-error.js';

/** What identifies an item of a merged list: the value of the merge key, or a scalar itself. */
type Identity = Json | undefined;

/**
 * Orders a merged list: items the patch speaks of come in the patch's order, the others stay in the server's, and the
 * two are zipped so that items both know keep their relative place.
 */
export function orderMerged(
  merged: Json[],
  patchOrder: readonly Json[],
  serverOrder: readonly Json[],
  mergeKey: string | undefined,
): Json[] {
  const positions = new OrderIndex(patchOrder, mergeKey);
  const fromPatch: Json[] = [];
  const serverOnly: Json[] = [];
  for (const item of merged) (positions.of(requiredIdentity(item, mergeKey)) === undefined ? serverOnly : fromPatch).push(item);
  const serverPositions = new OrderIndex(serverOrder, mergeKey);
  positions.requireKeys();
  serverPositions.requireKeys();
  return zip(sortBy(serverOnly, serverPositions, mergeKey), sortBy(fromPatch, positions, mergeKey), serverPositions, mergeKey);
}

/** Refuses a patch list whose order contradicts the `$setElementOrder` list. */
export function checkPatchOrder(patch: readonly Json[], order: readonly Json[], mergeKey: string | undefined): void {
  if (patch.length === 0 || order.length === 0) return;
  const kept = patch.filter((item) => !(hasPatchDirective(item) && item[patchDirective] === 'delete'));
  let next = 0;
  for (const wanted of order) {
    while (next < kept.length && hasPatchDirective(kept[next])) next++;
    if (next >= kept.length) return;
    if (requiredIdentity(kept[next] as Json, mergeKey) === requiredIdentity(wanted, mergeKey)) next++;
  }
  if (next < kept.length) {
    throw new StrategicPatchError(
      `The order in patch list:\n${formatPlain([...patch])}\n doesn't match ${elementOrderPrefix} list:\n${formatPlain([...order])}\n`,
    );
  }
}

/** Finds items of a list by identity in constant time; a scan would make long lists quadratic. */
class OrderIndex {
  readonly #list: readonly Json[];
  readonly #mergeKey: string | undefined;
  readonly #positions = new Map<Identity, number>();
  /** Position of the first item that should be an object and is not: nothing behind it can be found. */
  #broken: number | undefined;

  constructor(list: readonly Json[], mergeKey: string | undefined) {
    this.#list = list;
    this.#mergeKey = mergeKey;
    for (const [position, item] of list.entries()) {
      if (mergeKey !== undefined && !isJsonObject(item)) {
        this.#broken = position;
        break;
      }
      const id = identity(item, mergeKey);
      if (id !== undefined && !this.#positions.has(id)) this.#positions.set(id, position);
    }
  }

  of(id: Identity): number | undefined {
    const position = this.#positions.get(id);
    if (position === undefined && this.#broken !== undefined) throw new StrategicPatchError(`value for key ${this.#broken} is not a map`);
    return position;
  }

  requireKeys(): void {
    if (this.#mergeKey !== undefined) for (const item of this.#list) requiredIdentity(item, this.#mergeKey);
  }
}

function identity(item: Json, mergeKey: string | undefined): Identity {
  return mergeKey === undefined ? item : getOwn(item as JsonObject, mergeKey);
}

function requiredIdentity(item: Json, mergeKey: string | undefined): Identity {
  if (mergeKey === undefined) return item;
  if (!isJsonObject(item)) throw badArgument({}, item);
  const id = getOwn(item, mergeKey);
  if (id === undefined) throw noMergeKey(item, mergeKey);
  return id;
}

/** Items the order does not know come first, the last one foremost. */
function sortBy(items: readonly Json[], order: OrderIndex, mergeKey: string | undefined): Json[] {
  const placed = items.map((item) => ({ item, position: order.of(identity(item, mergeKey)) ?? -1 }));
  const unknown = placed.filter(({ position }) => position < 0).reverse();
  const known = placed.filter(({ position }) => position >= 0).sort((a, b) => a.position - b.position);
  return [...unknown, ...known].map(({ item }) => item);
}

function zip(serverOnly: readonly Json[], fromPatch: readonly Json[], serverOrder: OrderIndex, mergeKey: string | undefined): Json[] {
  const serverPositions = serverOnly.map((item) => serverOrder.of(identity(item, mergeKey)) ?? Number.POSITIVE_INFINITY);
  const result: Json[] = [];
  let next = 0;
  for (const item of fromPatch) {
    const position = serverOrder.of(identity(item, mergeKey)) ?? -1;
    while ((serverPositions[next] ?? position) < position) result.push(serverOnly[next++] as Json);
    result.push(item);
  }
  return result.concat(serverOnly.slice(next));
}

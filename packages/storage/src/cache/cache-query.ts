import { TimeSlice } from '@keelson/machinery';
import { compareKeys } from '../history/key-order.js';
import type { Revision } from '../kv.js';
import type { KeyRange, ListOptions, ListPage, Selection } from '../resource-store.js';
import { rangeContains } from '../store/key-range.js';
import { SelectedPage } from '../store/selected-page.js';
import type { StoredObject } from '../stored-object.js';
import type { Attribute } from './attribute-index.js';
import type { CacheCounters } from './cache-counters.js';
import type { ChangeRing } from './change-ring.js';
import type { OrderedSnapshot } from './ordered-index.js';
import type { ResourceCache } from './resource-cache.js';

/** Below this size looking at every object is cheaper than an index. */
const SMALL_CACHE = 200;

type Query = Pick<ListOptions, 'selection' | 'limit' | 'after'>;

/** A list of what the cache shows now. */
export async function listCurrent(cache: ResourceCache, counters: CacheCounters, range: KeyRange, query: Query): Promise<ListPage> {
  const { selection, limit, after } = query;
  const { revision } = cache;
  if (range.exact === true) return onePage(counters, cache.get(range.path), query, revision);
  if (selection === undefined) return plainPage(counters, cache.snapshot(), range, query, revision);
  const indexed = await useIndex(cache, selection);
  // From here to the snapshot nothing may be awaited: paths, objects and revision belong together.
  const snapshot = cache.snapshot();
  const shown = cache.revision;
  if (indexed !== undefined && indexed.paths.size < snapshot.length / 4) {
    const found = objectsAt(cache, indexed.paths, range, after);
    return collect({ counters, index: indexed.name }, found, found.length, new SelectedPage(selection, limit), shown);
  }
  const [start, end] = bounds(snapshot, range, after);
  return collect({ counters, index: '' }, snapshot.range(start, end), end - start, new SelectedPage(selection, limit), shown);
}

/**
 * A list of the state at an earlier revision, made by undoing the changes since. Undefined when the ring does not reach
 * back that far.
 */
export async function listPast(
  cache: ResourceCache,
  counters: CacheCounters,
  range: KeyRange,
  query: Query,
  revision: Revision,
): Promise<ListPage | undefined> {
  const snapshot = cache.snapshot();
  const undone = await statesAt(cache.ring, revision);
  if (undone === undefined) return undefined;
  if (undone.size === 0 && query.selection === undefined && range.exact !== true)
    return plainPage(counters, snapshot, range, query, revision);
  if (range.exact === true) {
    const object = undone.has(range.path) ? undone.get(range.path) : snapshotGet(snapshot, range.path);
    return onePage(counters, object, query, revision);
  }
  const [start, end] = bounds(snapshot, range, query.after);
  const restored = restoredIn(undone, range, query.after);
  const total = countPast(snapshot, undone, restored.length, start, end);
  const page = new SelectedPage(query.selection, query.limit);
  return collect({ counters, index: '' }, merge(snapshot.range(start, end), restored, undone), total, page, revision);
}

/** The state of each object that changed after `revision`, as it was then. */
async function statesAt(ring: ChangeRing, revision: Revision): Promise<Map<string, StoredObject | undefined> | undefined> {
  const states = new Map<string, StoredObject | undefined>();
  const slice = new TimeSlice();
  if (revision < ring.after) return undefined;
  const end = ring.end;
  for (let at = ring.firstAfter(revision); at < end; at++) {
    const change = ring.at(at);
    if (change === undefined) return undefined; // dropped meanwhile
    if (!states.has(change.path)) states.set(change.path, change.previous);
    if (slice.spent()) await slice.next();
  }
  return states;
}

/** An index, by the name metrics know it by, and the paths it has for the value asked for. */
interface UsedIndex {
  readonly name: string;
  readonly paths: ReadonlySet<string>;
}

/** Builds an index for the first attribute of a large cache that has none; the smallest set of candidates, if any. */
async function useIndex(cache: ResourceCache, selection: Selection): Promise<UsedIndex | undefined> {
  const wanted = attributesOf(selection);
  const [first] = wanted;
  if (first === undefined || cache.size < SMALL_CACHE) return undefined;
  if (!wanted.some(([attribute]) => cache.indexes.peek(attribute) !== undefined)) await cache.indexes.ensure(first[0]);
  let smallest: UsedIndex | undefined;
  for (const [attribute, value] of wanted) {
    const paths = cache.indexes.peek(attribute)?.paths(value);
    if (paths === undefined || (smallest !== undefined && paths.size >= smallest.paths.size)) continue;
    smallest = { name: `${attribute.kind === 'field' ? 'f' : 'l'}:${attribute.name}`, paths };
  }
  return smallest;
}

function attributesOf(selection: Selection): [Attribute, string][] {
  const fields = Object.entries(selection.fields ?? {}).map(([name, value]): [Attribute, string] => [{ kind: 'field', name }, value]);
  const labels = Object.entries(selection.labels ?? {}).map(([name, value]): [Attribute, string] => [{ kind: 'label', name }, value]);
  return [...fields, ...labels];
}

function objectsAt(cache: ResourceCache, paths: ReadonlySet<string>, range: KeyRange, after: string | undefined): StoredObject[] {
  const found: StoredObject[] = [];
  for (const path of paths) {
    const object = cache.get(path);
    if (object === undefined || !rangeContains(range, path)) continue;
    if (after === undefined || compareKeys(path, after) > 0) found.push(object);
  }
  return found.sort((a, b) => compareKeys(a.path, b.path));
}

function bounds(snapshot: OrderedSnapshot, range: KeyRange, after: string | undefined): [start: number, end: number] {
  const first = snapshot.positionOf(range.path);
  const start = after === undefined ? first : Math.max(first, snapshot.positionBehind(after));
  return [start, Math.max(start, snapshot.positionBehindPrefix(range.path))];
}

/** Nothing is looked at, whatever the length: the page is two positions in the snapshot. */
function plainPage(
  counters: CacheCounters,
  snapshot: OrderedSnapshot,
  range: KeyRange,
  { limit, after }: Query,
  revision: Revision,
): ListPage {
  const [start, end] = bounds(snapshot, range, after);
  const stop = limit !== undefined && limit > 0 ? Math.min(end, start + limit) : end;
  const last = stop < end ? snapshot.at(stop - 1) : undefined;
  counters.listed('', stop - start, stop - start);
  return {
    items: snapshot.range(start, stop),
    length: stop - start,
    revision,
    ...(last && { continueAfter: last.path, remaining: end - stop }),
  };
}

function onePage(
  counters: CacheCounters,
  object: StoredObject | undefined,
  { selection, limit, after }: Query,
  revision: Revision,
): ListPage {
  const page = new SelectedPage(selection, limit);
  if (object !== undefined && (after === undefined || compareKeys(after, object.path) < 0)) page.offer(object);
  const closed = page.close(revision, 0);
  counters.listed('', object === undefined ? 0 : 1, closed.length);
  return closed;
}

/** `total`: how many objects `objects` holds. */
async function collect(
  { counters, index }: { readonly counters: CacheCounters; readonly index: string },
  objects: Iterable<StoredObject>,
  total: number,
  page: SelectedPage,
  revision: Revision,
): Promise<ListPage> {
  const slice = new TimeSlice();
  let offered = 0;
  for (const object of objects) {
    page.offer(object);
    offered += 1;
    if (page.full) break;
    if (slice.spent()) await slice.next();
  }
  const closed = page.close(revision, total - offered);
  counters.listed(index, offered, closed.length);
  return closed;
}

function snapshotGet(snapshot: OrderedSnapshot, path: string): StoredObject | undefined {
  const object = snapshot.at(snapshot.positionOf(path));
  return object?.path === path ? object : undefined;
}

function restoredIn(undone: ReadonlyMap<string, StoredObject | undefined>, range: KeyRange, after: string | undefined): StoredObject[] {
  const restored: StoredObject[] = [];
  for (const [path, object] of undone) {
    if (object === undefined || !rangeContains(range, path)) continue;
    if (after === undefined || compareKeys(path, after) > 0) restored.push(object);
  }
  return restored.sort((a, b) => compareKeys(a.path, b.path));
}

/** Objects between `start` and `end` that did not change, and the restored ones. */
function countPast(
  snapshot: OrderedSnapshot,
  undone: ReadonlyMap<string, StoredObject | undefined>,
  restored: number,
  start: number,
  end: number,
): number {
  let changed = 0;
  for (const path of undone.keys()) {
    const position = snapshot.positionOf(path);
    if (position >= start && position < end && snapshot.at(position)?.path === path) changed += 1;
  }
  return end - start - changed + restored;
}

function* merge(
  current: Iterable<StoredObject>,
  restored: readonly StoredObject[],
  undone: ReadonlyMap<string, StoredObject | undefined>,
): Generator<StoredObject, void, void> {
  let next = 0;
  for (const object of current) {
    if (undone.has(object.path)) continue;
    for (; next < restored.length; next++) {
      const old = restored[next] as StoredObject;
      if (compareKeys(old.path, object.path) > 0) break;
      yield old;
    }
    yield object;
  }
  for (; next < restored.length; next++) yield restored[next] as StoredObject;
}

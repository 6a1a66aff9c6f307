import type { Change } from '../store/change.js';
import { fieldValue } from '../store/key-range.js';
import type { CacheWatcher } from './cache-watcher.js';

type Watchers = Set<CacheWatcher>;

/** Watchers of one range, apart those that select one value of the trigger field. */
class WatcherGroup {
  readonly any: Watchers = new Set();
  readonly byTrigger = new Map<string, Watchers>();

  get empty(): boolean {
    return this.any.size === 0 && this.byTrigger.size === 0;
  }
}

/** The live watchers of one resource, arranged so that a change finds its own without asking the others. */
export class WatcherIndex {
  readonly #objects = new Map<string, Watchers>();
  readonly #namespaces = new Map<string, WatcherGroup>();
  readonly #all = new WatcherGroup();
  #size = 0;
  /** Changes that were brought to them, whether or not one of them wanted it. */
  dispatched = 0;

  constructor(private readonly triggerField: string | undefined) {}

  get size(): number {
    return this.#size;
  }

  add(watcher: CacheWatcher): void {
    this.#size += 1;
    if (watcher.range.exact === true) addTo(this.#objects, watcher.range.path, watcher);
    else this.#addToGroup(this.#groupOf(watcher), watcher);
  }

  remove(watcher: CacheWatcher): void {
    this.#size -= 1;
    if (watcher.range.exact === true) removeFrom(this.#objects, watcher.range.path, watcher);
    else this.#removeFromGroup(this.#groupOf(watcher), watcher);
  }

  *[Symbol.iterator](): Generator<CacheWatcher, void, void> {
    for (const watchers of this.#objects.values()) yield* watchers;
    for (const group of [this.#all, ...this.#namespaces.values()]) {
      yield* group.any;
      for (const watchers of group.byTrigger.values()) yield* watchers;
    }
  }

  /** Every watcher that may want to see the change, each once. */
  interestedIn(change: Change): Watchers[] {
    const found: Watchers[] = [];
    if (this.#size === 0) return found;
    const exact = this.#objects.get(change.path);
    if (exact !== undefined) found.push(exact);
    this.#collect(this.#all, change, found);
    const slash = change.path.indexOf('/');
    const namespace = slash < 0 ? undefined : this.#namespaces.get(change.path.slice(0, slash + 1));
    if (namespace !== undefined) this.#collect(namespace, change, found);
    return found;
  }

  #collect(group: WatcherGroup, { object, previous }: Change, found: Watchers[]): void {
    if (group.any.size > 0) found.push(group.any);
    if (group.byTrigger.size === 0 || this.triggerField === undefined) return;
    const after = object && fieldValue(object, this.triggerField);
    const before = previous && fieldValue(previous, this.triggerField);
    const now = after === undefined ? undefined : group.byTrigger.get(after);
    if (now !== undefined) found.push(now);
    const then = before === undefined || before === after ? undefined : group.byTrigger.get(before);
    if (then !== undefined) found.push(then);
  }

  /** Only whole namespaces have a group of their own; watchers of any other prefix look at everything. */
  #groupOf({ range }: CacheWatcher): WatcherGroup {
    if (range.path === '' || range.path.indexOf('/') !== range.path.length - 1) return this.#all;
    const group = this.#namespaces.get(range.path) ?? new WatcherGroup();
    this.#namespaces.set(range.path, group);
    return group;
  }

  #addToGroup(group: WatcherGroup, watcher: CacheWatcher): void {
    const trigger = this.#triggerOf(watcher);
    if (trigger === undefined) group.any.add(watcher);
    else addTo(group.byTrigger, trigger, watcher);
  }

  #removeFromGroup(group: WatcherGroup, watcher: CacheWatcher): void {
    const trigger = this.#triggerOf(watcher);
    if (trigger === undefined) group.any.delete(watcher);
    else removeFrom(group.byTrigger, trigger, watcher);
    if (group.empty) this.#namespaces.delete(watcher.range.path);
  }

  #triggerOf({ selection }: CacheWatcher): string | undefined {
    const { fields } = selection ?? {};
    if (this.triggerField === undefined || fields === undefined) return undefined;
    return Object.hasOwn(fields, this.triggerField) ? fields[this.triggerField] : undefined;
  }
}

function addTo(sets: Map<string, Watchers>, key: string, watcher: CacheWatcher): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([watcher]));
  else set.add(watcher);
}

function removeFrom(sets: Map<string, Watchers>, key: string, watcher: CacheWatcher): void {
  const set = sets.get(key);
  set?.delete(watcher);
  if (set?.size === 0) sets.delete(key);
}

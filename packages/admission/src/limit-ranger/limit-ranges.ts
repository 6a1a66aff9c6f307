import type { ObjectAccess, ObjectReader } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { NamespacedIndex } from '../namespaced-index.js';
import { type CompiledLimits, compileLimits } from './compiled-limits.js';

type LimitRange = core.v1.LimitRange;

const LIMIT_RANGES = { group: '', version: 'v1', resource: 'limitranges' };

/** For so long a namespace is believed to have no limits after the store has said so. */
const TRUST_MS = 30_000;
/** So many namespaces are remembered. */
const MAX_REMEMBERED = 10_000;

type Found = readonly CompiledLimits[];

/**
 * The limits of all namespaces. Where none are known the store is asked, now and then: limits that were made just before
 * hold for the very next pod.
 */
export class LimitRanges {
  readonly #index = new NamespacedIndex<LimitRange, CompiledLimits>((range) => compileLimits(range));
  readonly #reader: ObjectReader<LimitRange>;
  readonly #nowMs: () => number;
  /** What the store has said, by namespace, oldest first. */
  readonly #asked = new Map<string, { readonly found: Promise<Found>; readonly untilMs: number }>();

  constructor(objects: ObjectAccess, nowMs = () => performance.now()) {
    this.#reader = objects.reader(LIMIT_RANGES);
    this.#nowMs = nowMs;
    objects.follow(LIMIT_RANGES, this.#index);
  }

  /** By name. */
  in(namespace: string): Found | Promise<Found> {
    const known = this.#index.in(namespace);
    return known === undefined ? this.#ask(namespace) : byName([...known.values()]);
  }

  #ask(namespace: string): Promise<Found> {
    const nowMs = this.#nowMs();
    const before = this.#asked.get(namespace);
    if (before !== undefined && before.untilMs > nowMs) return before.found;
    this.#forget(nowMs);
    const found = this.#reader.listLatest(namespace).then((ranges) => byName(ranges.map(compileLimits)));
    this.#asked.delete(namespace);
    this.#asked.set(namespace, { found, untilMs: nowMs + TRUST_MS });
    // A failure is the asker's, and not to be remembered.
    found.catch(() => this.#asked.delete(namespace));
    return found;
  }

  #forget(nowMs: number): void {
    for (const [namespace, { untilMs }] of this.#asked) {
      if (untilMs > nowMs && this.#asked.size < MAX_REMEMBERED) break;
      this.#asked.delete(namespace);
    }
  }
}

function byName(limits: CompiledLimits[]): Found {
  return limits.length < 2 ? limits : limits.sort((a, b) => (a.name < b.name ? -1 : 1));
}

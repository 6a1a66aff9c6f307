import type { CacheWatcher } from './cache-watcher.js';

const SLOTS = 60;
const SLOT_MS = 1000;

/** Turns once a minute and bookmarks the watchers of one slot every second, so that they are not all written to at once. */
export class BookmarkWheel {
  readonly #slots: Set<CacheWatcher>[] = Array.from({ length: SLOTS }, () => new Set<CacheWatcher>());
  readonly #slotOf = new WeakMap<CacheWatcher, Set<CacheWatcher>>();
  #position = 0;
  #nextSlot = 0;
  readonly #timer: NodeJS.Timeout;

  /** `onTurn` runs once per slot, before its bookmarks. */
  constructor(onTurn: () => void) {
    this.#timer = setInterval(() => {
      onTurn();
      this.turn();
    }, SLOT_MS);
    this.#timer.unref();
  }

  add(watcher: CacheWatcher): void {
    const slot = this.#slots[this.#nextSlot] as Set<CacheWatcher>;
    this.#nextSlot = (this.#nextSlot + 1) % SLOTS;
    slot.add(watcher);
    this.#slotOf.set(watcher, slot);
  }

  remove(watcher: CacheWatcher): void {
    this.#slotOf.get(watcher)?.delete(watcher);
  }

  turn(): void {
    this.#position = (this.#position + 1) % SLOTS;
    for (const watcher of this.#slots[this.#position] as Set<CacheWatcher>) {
      watcher.periodicBookmark();
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

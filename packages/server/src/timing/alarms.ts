import type { Alarm } from './alarm.js';
import { IndexedHeap } from './indexed-heap.js';

/** Many alarms by one timer: a timer of its own for each costs about as much as what most requests do until theirs is cancelled. */
export class Alarms {
  readonly #heap = new IndexedHeap<Alarm>((a, b) => a.atMs < b.atMs);
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;

  set(alarm: Alarm): void {
    this.#heap.add(alarm);
    if (alarm.atMs < this.#timerAtMs) this.#wind(alarm.atMs);
  }

  /** Does nothing when it has rung. */
  cancel(alarm: Alarm): void {
    this.#heap.delete(alarm);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wind(atMs: number): void {
    clearTimeout(this.#timer);
    this.#timerAtMs = atMs;
    this.#timer = setTimeout(() => this.#ring(), Math.max(0, atMs - performance.now())).unref();
  }

  #ring(): void {
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    const now = performance.now();
    for (let alarm = this.#heap.first; alarm !== undefined; alarm = this.#heap.first) {
      // Timers may be early by a part of a millisecond.
      if (alarm.atMs > now + 1) {
        this.#wind(alarm.atMs);
        return;
      }
      this.#heap.delete(alarm);
      alarm.ring();
    }
  }
}

import type { HeapItem } from './indexed-heap.js';

/** Something that is to happen at a time of `performance.now()`. */
export class Alarm implements HeapItem {
  heapIndex = -1;
  readonly atMs: number;
  readonly ring: () => void;

  constructor(atMs: number, ring: () => void) {
    this.atMs = atMs;
    this.ring = ring;
  }
}

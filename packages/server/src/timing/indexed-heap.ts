/** Something that knows its place in the heap that it is in; -1 in none. Owned by the heap. */
export interface HeapItem {
  heapIndex: number;
}

/** A priority queue from whose middle items can be taken. */
export class IndexedHeap<T extends HeapItem> {
  readonly #before: (a: T, b: T) => boolean;
  readonly #items: T[] = [];

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get first(): T | undefined {
    return this.#items[0];
  }

  add(item: T): void {
    item.heapIndex = this.#items.length;
    this.#items.push(item);
    this.#rise(item);
  }

  /** Does nothing when it is not there. */
  delete(item: T): void {
    const { heapIndex } = item;
    if (heapIndex < 0) return;
    item.heapIndex = -1;
    const last = this.#items.pop() as T;
    if (last === item) return;
    this.#put(last, heapIndex);
    this.update(last);
  }

  /** To be called when its order may have changed. */
  update(item: T): void {
    this.#rise(item);
    this.#sink(item);
  }

  #rise(item: T): void {
    let at = item.heapIndex;
    while (at > 0) {
      const parent = this.#items[(at - 1) >> 1] as T;
      if (!this.#before(item, parent)) break;
      this.#put(parent, at);
      at = (at - 1) >> 1;
    }
    this.#put(item, at);
  }

  #sink(item: T): void {
    let at = item.heapIndex;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      if (left >= this.#items.length) break;
      const child = right < this.#items.length && this.#before(this.#items[right] as T, this.#items[left] as T) ? right : left;
      const other = this.#items[child] as T;
      if (!this.#before(other, item)) break;
      this.#put(other, at);
      at = child;
    }
    this.#put(item, at);
  }

  #put(item: T, at: number): void {
    this.#items[at] = item;
    item.heapIndex = at;
  }
}

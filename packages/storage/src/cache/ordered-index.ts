import { compareKeys } from '../history/key-order.js';
import type { StoredObject } from '../stored-object.js';

/** Blocks split at this size: a write copies at most one block, a snapshot copies one reference per block. */
const MAX_BLOCK = 512;

/** Ranges of one snapshot that are kept to be recognized. */
const MAX_RANGES = 32;

type Block = readonly StoredObject[];

/** An unchanging view of the objects in ascending byte order of their paths. */
export class OrderedSnapshot {
  /** Position of each block's first object. */
  readonly #starts: number[] = [];
  readonly length: number;
  readonly #ranges = new Map<string, Iterable<StoredObject>>();

  constructor(private readonly blocks: readonly Block[]) {
    let length = 0;
    for (const block of blocks) {
      this.#starts.push(length);
      length += block.length;
    }
    this.length = length;
  }

  /** Position of the first object at or behind `path`. */
  positionOf(path: string): number {
    const at = blockOf(this.blocks, path);
    const block = this.blocks[at];
    return block === undefined ? 0 : (this.#starts[at] as number) + placeIn(block, path);
  }

  /** Position behind `path`, whether it is there or not. */
  positionBehind(path: string): number {
    const position = this.positionOf(path);
    return this.at(position)?.path === path ? position + 1 : position;
  }

  /** Position behind the last path that starts with `prefix`. */
  positionBehindPrefix(prefix: string): number {
    return prefix === '' ? this.length : this.positionOf(`${prefix}\u{10FFFF}`);
  }

  at(position: number): StoredObject | undefined {
    const index = firstWhere(this.#starts.length, (i) => (this.#starts[i] as number) > position) - 1;
    return this.blocks[index]?.[position - (this.#starts[index] as number)];
  }

  /** Objects at positions from `start` to before `end`; the same iterable to those who ask for the same, mostly. */
  range(start: number, end: number): Iterable<StoredObject> {
    const key = `${start}-${end}`;
    const known = this.#ranges.get(key);
    if (known !== undefined) return known;
    const made = this.#range(start, end);
    if (this.#ranges.size >= MAX_RANGES) this.#ranges.clear();
    this.#ranges.set(key, made);
    return made;
  }

  #range(start: number, end: number): Iterable<StoredObject> {
    const index = Math.max(0, firstWhere(this.#starts.length, (i) => (this.#starts[i] as number) > start) - 1);
    const offset = start - (this.#starts[index] ?? 0);
    return { [Symbol.iterator]: () => new BlockIterator(this.blocks, index, offset, Math.min(end, this.length) - start) };
  }
}

/** Written out because a generator takes twice as long, and every list of every client runs through here. */
class BlockIterator implements Iterator<StoredObject, undefined> {
  #block: Block;

  constructor(
    private readonly blocks: readonly Block[],
    private index: number,
    private offset: number,
    private left: number,
  ) {
    this.#block = blocks[index] ?? [];
  }

  next(): IteratorResult<StoredObject, undefined> {
    if (this.left <= 0) return { done: true, value: undefined };
    if (this.offset >= this.#block.length) {
      this.index += 1;
      this.#block = this.blocks[this.index] as Block;
      this.offset = 0;
    }
    const value = this.#block[this.offset] as StoredObject;
    this.offset += 1;
    this.left -= 1;
    return { done: false, value };
  }
}

/** The objects of a cache in ascending byte order of their paths: copy-on-write blocks, so that a snapshot is nearly free. */
export class OrderedIndex {
  #blocks: StoredObject[][] = [];
  /** Blocks no snapshot shares; only these may be changed in place. */
  #owned = new Set<StoredObject[]>();
  #snapshot: OrderedSnapshot | undefined;

  /** Replaces everything. `objects` must be in order. */
  load(objects: readonly StoredObject[]): void {
    this.#blocks = [];
    for (let at = 0; at < objects.length; at += MAX_BLOCK / 2) this.#blocks.push(objects.slice(at, at + MAX_BLOCK / 2));
    this.#owned = new Set(this.#blocks);
    this.#snapshot = undefined;
  }

  /** Adds the object, or replaces the one at its path. */
  put(object: StoredObject): void {
    this.#snapshot = undefined;
    const index = blockOf(this.#blocks, object.path);
    const block = this.#writable(index);
    const place = placeIn(block, object.path);
    if (block[place]?.path === object.path) {
      block[place] = object;
      return;
    }
    block.splice(place, 0, object);
    if (block.length > MAX_BLOCK) this.#insertBlock(index + 1, block.splice(MAX_BLOCK / 2));
  }

  delete(path: string): void {
    const index = blockOf(this.#blocks, path);
    const found = this.#blocks[index];
    if (found === undefined) return;
    const place = placeIn(found, path);
    if (found[place]?.path !== path) return;
    this.#snapshot = undefined;
    const block = this.#writable(index);
    block.splice(place, 1);
    if (block.length === 0) this.#removeBlock(index);
    else if (block.length < MAX_BLOCK / 8) this.#mergeWithNext(index);
  }

  snapshot(): OrderedSnapshot {
    if (this.#snapshot === undefined) {
      this.#snapshot = new OrderedSnapshot(this.#blocks.slice());
      this.#owned.clear();
    }
    return this.#snapshot;
  }

  #writable(index: number): StoredObject[] {
    const block = this.#blocks[index] ?? [];
    if (this.#owned.has(block)) return block;
    const copy = block.slice();
    this.#blocks[index] = copy;
    this.#owned.add(copy);
    return copy;
  }

  #insertBlock(index: number, block: StoredObject[]): void {
    this.#blocks.splice(index, 0, block);
    this.#owned.add(block);
  }

  #removeBlock(index: number): void {
    for (const block of this.#blocks.splice(index, 1)) this.#owned.delete(block);
  }

  #mergeWithNext(index: number): void {
    const next = this.#blocks[index + 1];
    if (next === undefined || next.length > MAX_BLOCK / 2) return;
    this.#writable(index).push(...next);
    this.#removeBlock(index + 1);
  }
}

/** The block that holds `path` or is the place for it: the last one that starts at or below it, else the first. */
function blockOf(blocks: readonly Block[], path: string): number {
  return Math.max(0, firstWhere(blocks.length, (i) => compareKeys((blocks[i] as Block)[0]?.path ?? '', path) > 0) - 1);
}

function placeIn(block: Block, path: string): number {
  return firstWhere(block.length, (i) => compareKeys((block[i] as StoredObject).path, path) >= 0);
}

/** The first index below `length` for which `holds`, which must stay true behind it; `length` when there is none. */
function firstWhere(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

import type { StoredObject } from '@keelson/storage';
import { deflateFragment, type GzipFragment } from './gzip-fragment.js';

/** Enough for a good ratio, few enough that a change costs little: one object in this many ends a chunk. */
const CHUNK_OBJECTS = 64;
const MAX_CHUNK_OBJECTS = 4 * CHUNK_OBJECTS;
const MAX_CHUNK_BYTES = 1024 * 1024;

/** Consecutive items of lists, with what is between them, compressed together. */
export interface CompressedChunk extends GzipFragment {
  readonly items: number;
  /** When the first of the items reads otherwise, ms since 1970. */
  readonly validUntilMs: number;
}

interface Joined {
  readonly fragment: GzipFragment;
  readonly validUntilMs: number;
}

/** Names the objects without holding on to them: their bytes may leave the cache while a chunk is kept. */
interface Chunk extends CompressedChunk {
  readonly paths: readonly string[];
  readonly revisions: readonly number[];
}

/** What a chunk is besides the bytes kept on its first object. When those are dropped, so is this. */
const chunkOf = new WeakMap<Buffer, Chunk>();

/**
 * Whether a chunk ends behind this object. Told by the object alone, so that lists are cut at the same places whatever
 * was added or removed elsewhere; revisions are scattered, for they may have a rhythm.
 */
function endsChunk({ revision }: StoredObject): boolean {
  return (Math.imul(revision, 0x9e3779b1) >>> 16) % CHUNK_OBJECTS === 0;
}

/**
 * The items of lists in one form, compressed in chunks that are kept on the first object of each, within the budget of
 * all encoded bodies. A list of what did not change since an earlier one is put together from them; after a change one
 * chunk is made anew.
 */
export class CompressedItems {
  readonly #wholeKey: string;
  readonly #cutKey: string;
  readonly #joined = new WeakMap<Iterable<StoredObject>, Joined>();
  readonly #inProgress = new Map<StoredObject, Promise<Chunk>>();

  /** `name` is that of the form, `item` what it writes for an object, `validUntil` up to when it writes that (ms since 1970). */
  constructor(
    name: string,
    private readonly item: (object: StoredObject) => Buffer,
    readonly separator: Buffer | undefined,
    private readonly validUntil: (object: StoredObject) => number = () => Number.POSITIVE_INFINITY,
  ) {
    this.#wholeKey = `${name}/gzip`;
    this.#cutKey = `${name}/gzip-cut`;
  }

  /** All items of a page together, if it was written before and nothing changed since. */
  joined(items: Iterable<StoredObject>): GzipFragment | undefined {
    const joined = this.#joined.get(items);
    return joined !== undefined && Date.now() < joined.validUntilMs ? joined.fragment : undefined;
  }

  /** Held as long as the store would give the same page again: not counted by the budget, so it must be small. */
  keepJoined(items: Iterable<StoredObject>, joined: Joined): void {
    this.#joined.set(items, joined);
  }

  /** The chunk that begins at `start`. */
  async chunkAt(objects: readonly StoredObject[], start: number): Promise<CompressedChunk> {
    const kept = this.#kept(objects, start);
    if (kept !== undefined) return kept;
    const first = objects[start] as StoredObject;
    const pending = this.#inProgress.get(first);
    const other = pending && (await pending);
    if (other !== undefined && isChunkAt(other, objects, start)) return other;
    const making = this.#make(objects, start);
    this.#inProgress.set(first, making);
    try {
      return await making;
    } finally {
      if (this.#inProgress.get(first) === making) this.#inProgress.delete(first);
    }
  }

  #kept(objects: readonly StoredObject[], start: number): Chunk | undefined {
    const { encoded } = objects[start] as StoredObject;
    for (const key of [this.#wholeKey, this.#cutKey]) {
      const compressed = encoded.get(key);
      const chunk = compressed && chunkOf.get(compressed);
      if (chunk !== undefined && isChunkAt(chunk, objects, start)) return chunk;
    }
    return undefined;
  }

  async #make(objects: readonly StoredObject[], start: number): Promise<Chunk> {
    const parts: Buffer[] = [];
    let end = start;
    let bytes = 0;
    let whole = false;
    let validUntilMs = Number.POSITIVE_INFINITY;
    while (end < objects.length && !whole) {
      const object = objects[end++] as StoredObject;
      if (parts.length > 0 && this.separator !== undefined) parts.push(this.separator);
      validUntilMs = Math.min(validUntilMs, this.validUntil(object)); // asked before the item, which may be newer
      const item = this.item(object);
      parts.push(item);
      bytes += item.length;
      whole = endsChunk(object) || end - start >= MAX_CHUNK_OBJECTS || bytes >= MAX_CHUNK_BYTES;
    }
    const members = objects.slice(start, end);
    const fragment = await deflateFragment(Buffer.concat(parts));
    const chunk = {
      ...fragment,
      items: members.length,
      validUntilMs,
      paths: members.map(({ path }) => path),
      revisions: members.map(({ revision }) => revision),
    };
    chunkOf.set(fragment.compressed, chunk);
    // A chunk cut by the end of a page lies beside the one that longer lists have at the same place.
    (members[0] as StoredObject).encoded.set(whole ? this.#wholeKey : this.#cutKey, fragment.compressed);
    return chunk;
  }
}

/** The chunk's objects are the next ones of the list, each at the same revision, and read as they did. */
function isChunkAt({ items, paths, revisions, validUntilMs }: Chunk, objects: readonly StoredObject[], start: number): boolean {
  if (start + items > objects.length || Date.now() >= validUntilMs) return false;
  for (let i = 0; i < items; i++) {
    const object = objects[start + i] as StoredObject;
    if (object.revision !== revisions[i] || object.path !== paths[i]) return false;
  }
  return true;
}

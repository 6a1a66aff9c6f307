import { TimeSlice } from '@keelson/machinery';
import { fieldValue } from '../store/key-range.js';
import type { StoredObject } from '../stored-object.js';

/** A label or a selectable field that objects are found by. */
export interface Attribute {
  readonly kind: 'label' | 'field';
  readonly name: string;
}

function attributeValue(object: StoredObject, { kind, name }: Attribute): string | undefined {
  if (kind === 'field') return fieldValue(object, name);
  return Object.hasOwn(object.labels, name) ? object.labels[name] : undefined;
}

/** Paths of the objects by one attribute's value. */
class AttributeIndex {
  readonly #paths = new Map<string, Set<string>>();

  constructor(readonly attribute: Attribute) {}

  paths(value: string): ReadonlySet<string> {
    return this.#paths.get(value) ?? NONE;
  }

  replace(previous: StoredObject | undefined, current: StoredObject | undefined): void {
    const before = previous && attributeValue(previous, this.attribute);
    const after = current && attributeValue(current, this.attribute);
    // An index that is being built may not hold the previous state yet.
    if (before === after && (after === undefined || this.paths(after).has((current as StoredObject).path))) return;
    if (before !== undefined && previous !== undefined) this.#remove(before, previous.path);
    if (after !== undefined && current !== undefined) this.#add(after, current.path);
  }

  #add(value: string, path: string): void {
    const paths = this.#paths.get(value);
    if (paths === undefined) this.#paths.set(value, new Set([path]));
    else paths.add(path);
  }

  #remove(value: string, path: string): void {
    const paths = this.#paths.get(value);
    paths?.delete(path);
    if (paths?.size === 0) this.#paths.delete(value);
  }
}

const NONE: ReadonlySet<string> = new Set();

/** An index, and the promise of it while it is being built. */
interface Entry {
  readonly index: AttributeIndex;
  readonly built: Promise<void>;
  ready: boolean;
  used: number;
}

/** What an index is built from: the objects at this moment, and which of them are still current when their turn comes. */
export interface IndexSource {
  snapshot(): Iterable<StoredObject>;
  isCurrent(object: StoredObject): boolean;
}

/** The indexes of one resource, built when first asked for and kept up to date by every write; the least used one makes room. */
export class AttributeIndexes {
  readonly #entries = new Map<string, Entry>();
  #uses = 0;

  constructor(
    private readonly source: IndexSource,
    private readonly maxIndexes = 8,
  ) {}

  get size(): number {
    return this.#entries.size;
  }

  /** The index if it is there and complete. */
  peek(attribute: Attribute): AttributeIndex | undefined {
    const entry = this.#entries.get(nameOf(attribute));
    if (entry?.ready !== true) return undefined;
    entry.used = ++this.#uses;
    return entry.index;
  }

  /** Resolves when the index is complete; afterwards `peek` finds it unless it had to make room. */
  ensure(attribute: Attribute): Promise<void> {
    const name = nameOf(attribute);
    const entry = this.#entries.get(name) ?? this.#start(name, attribute);
    entry.used = ++this.#uses;
    return entry.built;
  }

  /** Every write of the cache, in order. */
  replace(previous: StoredObject | undefined, current: StoredObject | undefined): void {
    for (const { index } of this.#entries.values()) index.replace(previous, current);
  }

  clear(): void {
    this.#entries.clear();
  }

  #start(name: string, attribute: Attribute): Entry {
    this.#makeRoom();
    const index = new AttributeIndex(attribute);
    const entry: Entry = { index, ready: false, used: 0, built: Promise.resolve().then(() => this.#build(entry)) };
    this.#entries.set(name, entry);
    return entry;
  }

  /** Writes made meanwhile reach the index through `replace`; an object they replaced must not be added any more. */
  async #build(entry: Entry): Promise<void> {
    const slice = new TimeSlice();
    for (const object of this.source.snapshot()) {
      if (this.source.isCurrent(object)) entry.index.replace(undefined, object);
      if (slice.spent()) await slice.next();
    }
    entry.ready = true;
  }

  #makeRoom(): void {
    if (this.#entries.size < this.maxIndexes) return;
    const coldest = [...this.#entries].reduce((a, b) => (b[1].used < a[1].used ? b : a));
    this.#entries.delete(coldest[0]);
  }
}

function nameOf({ kind, name }: Attribute): string {
  return `${kind}:${name}`;
}

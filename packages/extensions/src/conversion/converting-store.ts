import { formatGroupVersion, type KubeObject } from '@keelson/machinery';
import { parseJson } from '@keelson/schema';
import {
  type FoundObject,
  type Freshness,
  type KeyRange,
  type ListOptions,
  type ListPage,
  type ObjectIndexer,
  type RangeSize,
  type ResourceStore,
  SelectedPage,
  type Selection,
  StoredObject,
  type UpdateOutcome,
  type UpdateResult,
  type WatchHandle,
  type WatchOptions,
  type WatchSink,
} from '@keelson/storage';
import type { CustomKind } from '../kind/custom-kind.js';
import type { ConversionWebhook } from './conversion-webhook.js';
import { type Converter, ConvertingSink } from './converting-sink.js';

export interface ConvertingStoreParts {
  /** Holds objects in whichever version they were written. */
  readonly store: ResourceStore;
  readonly shown: CustomKind;
  readonly written: CustomKind;
  readonly webhook: ConversionWebhook;
  readonly indexer: ObjectIndexer;
}

/**
 * The objects of a store as if they were all stored in one version: a webhook converts those that are not, in batches, as they
 * leave, and those that are written, as they enter. So nothing else has to wait for conversions.
 */
export class ConvertingStore implements ResourceStore, Converter {
  readonly #parts: ConvertingStoreParts;
  readonly #converted = new WeakMap<StoredObject, StoredObject>();

  constructor(parts: ConvertingStoreParts) {
    this.#parts = parts;
  }

  async get(path: string, freshness: Freshness): Promise<FoundObject> {
    const { object, revision } = await this.#parts.store.get(path, freshness);
    return object === undefined ? { revision } : { object: await this.#one(object), revision };
  }

  list(range: KeyRange, options: ListOptions): Promise<ListPage> {
    const { selection, ...unselected } = options;
    return selection === undefined ? this.#page(range, options) : this.#selectedPage(range, unselected, selection);
  }

  async #page(range: KeyRange, options: ListOptions): Promise<ListPage> {
    const page = await this.#parts.store.list(range, options);
    const items = await this.convert([...page.items]);
    return { ...page, items, length: items.length };
  }

  /** Selectors are about objects as they are shown. */
  async #selectedPage(range: KeyRange, options: Omit<ListOptions, 'selection'>, selection: Selection): Promise<ListPage> {
    const selected = new SelectedPage(selection, options.limit);
    let page = await this.#page(range, options);
    for (;;) {
      const { revision, continueAfter: after } = page;
      let behind = page.length;
      for (const object of page.items) {
        if (selected.full) break;
        selected.offer(object);
        behind--;
      }
      if (selected.full || after === undefined) return selected.close(revision, after === undefined ? behind : behind + 1);
      page = await this.#page(range, { ...options, freshness: { at: 'exact', revision }, after });
    }
  }

  watch(range: KeyRange, { selection, ...options }: WatchOptions, sink: WatchSink): Promise<WatchHandle> {
    return this.#parts.store.watch(range, options, new ConvertingSink(sink, this, selection));
  }

  async create(path: string, value: Uint8Array, options?: { readonly ttlSeconds?: number }): Promise<StoredObject> {
    return this.#one(await this.#parts.store.create(path, await this.#toWritten(value), options));
  }

  async update(
    path: string,
    transform: (current: StoredObject | undefined) => UpdateResult | Promise<UpdateResult>,
  ): Promise<UpdateOutcome> {
    const outcome = await this.#parts.store.update(path, async (current) => {
      const result = await transform(current && (await this.#one(current)));
      return result.action === 'put' ? { ...result, value: await this.#toWritten(result.value) } : result;
    });
    const { current, previous } = outcome;
    return {
      ...outcome,
      ...(current && { current: await this.#one(current) }),
      ...(previous && { previous: await this.#one(previous) }),
    };
  }

  count(): Promise<number> {
    return this.#parts.store.count();
  }

  /** Of what is stored: what webhooks make of it is not known before. */
  sizeOf(range: KeyRange): RangeSize | undefined {
    return this.#parts.store.sizeOf?.(range);
  }

  /** In the shown version, in their order: one question for all that have not been asked for before. */
  async convert(objects: readonly StoredObject[]): Promise<StoredObject[]> {
    const missing = objects.filter((object) => this.ready(object) === undefined);
    if (missing.length > 0) await this.#ask(missing);
    return objects.map((object) => this.ready(object) as StoredObject);
  }

  async #one(object: StoredObject): Promise<StoredObject> {
    return (await this.convert([object]))[0] as StoredObject;
  }

  /** Without asking anybody: what is stored in the version, or has been asked for before. */
  ready(object: StoredObject): StoredObject | undefined {
    const known = this.#converted.get(object);
    if (known !== undefined) return known;
    if (parse(object.value).apiVersion !== formatGroupVersion(this.#parts.shown)) return undefined;
    const { shown, written } = this.#parts;
    const ready = shown === written ? object : this.#as(object, object.value);
    this.#converted.set(object, ready);
    return ready;
  }

  async #ask(objects: readonly StoredObject[]): Promise<void> {
    const { webhook, shown } = this.#parts;
    // Objects may have been written in several versions; each review is about one.
    for (const group of byVersion(objects)) {
      const converted = await webhook.convert(
        group.map(({ value }) => parse(value)),
        shown,
      );
      for (const [i, object] of group.entries())
        this.#converted.set(object, this.#as(object, shown.codec.print(converted[i] as KubeObject)));
    }
  }

  /** What is stored in another version than would be written now is stale: an update that changes nothing writes it again. */
  #as(object: StoredObject, value: Buffer): StoredObject {
    const isStale = object.isStale || parse(object.value).apiVersion !== formatGroupVersion(this.#parts.written);
    return new StoredObject(object.path, value, object.revision, this.#parts.indexer, isStale ? 'stale' : undefined);
  }

  async #toWritten(value: Uint8Array): Promise<Uint8Array> {
    const { webhook, shown, written } = this.#parts;
    if (shown === written) return value;
    const [converted] = await webhook.convert([parse(value)], written);
    return written.codec.print(written.codec.fromJson(converted as never));
  }
}

function parse(value: Uint8Array): KubeObject {
  return parseJson(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString()) as unknown as KubeObject;
}

function byVersion(objects: readonly StoredObject[]): StoredObject[][] {
  const groups = new Map<string, StoredObject[]>();
  for (const object of objects) {
    const apiVersion = parse(object.value).apiVersion ?? '';
    const group = groups.get(apiVersion);
    if (group === undefined) groups.set(apiVersion, [object]);
    else group.push(object);
  }
  return [...groups.values()];
}

import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { KvBackend, KvEvent, Revision } from '../../kv.js';
import { isStorageError, type StorageErrorCode } from '../../storage-error.js';
import { WatchReader } from './watch-reader.js';

/** What a backend does beyond, or short of, the common contract. */
export interface KvCapabilities {
  /** A value of this size is taken: the limit, where it is on values. */
  readonly acceptedValueBytes: number;
  /** A value of this size is `rejected`. */
  readonly rejectedValueBytes: number;
  /** A delete at the very revision compacted to can still be watched. etcd before 3.4.36, 3.5.18 loses it (etcd#19179). */
  readonly keepsDeleteAtCompaction: boolean;
}

/** One test's part of a backend: keys of its own, so that tests may share a store. */
export class KvContext {
  readonly backend: KvBackend;
  readonly capabilities: KvCapabilities;
  readonly prefix = `/registry/conformance-${randomUUID()}/`;
  readonly #watches: WatchReader[] = [];

  constructor(backend: KvBackend, capabilities: KvCapabilities) {
    this.backend = backend;
    this.capabilities = capabilities;
  }

  key(name: string): string {
    return this.prefix + name;
  }

  /** Writes `value` to a key that is at `expected`, or does not exist, and returns the new revision. */
  async put(name: string, value: string, expected: Revision = 0, ttlSeconds?: number): Promise<Revision> {
    const options = ttlSeconds === undefined ? {} : { ttlSeconds };
    const result = await this.backend.put(this.key(name), Buffer.from(value), expected, options);
    expect(result).toEqual({ ok: true, revision: expect.any(Number) });
    return result.revision;
  }

  async delete(name: string, expected: Revision): Promise<Revision> {
    const result = await this.backend.delete(this.key(name), expected);
    expect(result).toEqual({ ok: true, revision: expect.any(Number) });
    return result.revision;
  }

  async get(name: string, revision?: Revision): Promise<string | undefined> {
    const { kv } = await this.backend.get(this.key(name), revision === undefined ? {} : { revision });
    return kv?.value.toString();
  }

  /** Names and values of the whole prefix, or below `path`, as `name=value`. */
  async list(path = '', options: { revision?: Revision; limit?: number; after?: string } = {}): Promise<string[]> {
    const { after, ...rest } = options;
    const result = await this.backend.list(this.key(path), { ...rest, ...(after !== undefined && { after: this.key(after) }) });
    return result.kvs.map((kv) => `${kv.key.slice(this.prefix.length)}=${kv.value.toString()}`);
  }

  watch(from: Revision, options: { readonly previous?: boolean; readonly path?: string } = {}): WatchReader {
    const reader = new WatchReader(this.backend, this.key(options.path ?? ''), from, options);
    this.#watches.push(reader);
    return reader;
  }

  /** An event in short: `put a=1`, `put+ a=1` when it created the key, `delete a`. */
  brief(event: KvEvent): string {
    const name = event.key.slice(this.prefix.length);
    return event.type === 'delete' ? `delete ${name}` : `put${event.created ? '+' : ''} ${name}=${event.value?.toString()}`;
  }

  async expectError(work: Promise<unknown>, code: StorageErrorCode, revision?: Revision): Promise<void> {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(isStorageError(error, code), `${code} expected, not ${String(error)}`).toBe(true);
    if (revision !== undefined) expect(error).toMatchObject({ revision });
  }

  async end(): Promise<void> {
    for (const watch of this.#watches) watch.cancel();
    await this.backend.close();
  }
}

import type { GroupResource } from '@keelson/machinery';
import { KeyPrefixes } from '../key-prefixes.js';
import type {
  CasResult,
  KeyValue,
  KvBackend,
  KvEvent,
  KvListOptions,
  KvListResult,
  KvReadOptions,
  KvWatchOptions,
  Revision,
  ValueFlaw,
  WatchBatch,
} from '../kv.js';
import { StorageError } from '../storage-error.js';
import { identity } from './ciphers/identity.js';
import { isSealed, type OpenedValue, type ValueCipher } from './value-cipher.js';

/** How the objects of each resource are stored. May change while the server runs. */
export interface ResourceCiphers {
  /** Undefined: as they are. */
  cipherOf(resource: GroupResource): ValueCipher | undefined;
}

/** Told of every value that was opened or sealed, for metrics. */
export type OnTransformation = (type: 'from_storage' | 'to_storage', resource: GroupResource, failed: boolean) => void;

export interface EncryptedBackendOptions {
  readonly onTransformation?: OnTransformation;
  /** What is said of a value that cannot be opened, by its full key; why, and no more, when absent. */
  readonly describe?: (key: string, why: string) => string;
}

/** A stored value, on its own or in an event. */
interface Stored {
  readonly key: string;
  readonly value?: Buffer;
}

/**
 * A backend whose values are sealed in the store and open above it. A value that cannot be opened is handed on as it is
 * stored, with the reason: it must not keep others from being read.
 */
export class EncryptedBackend implements KvBackend {
  readonly #backend: KvBackend;
  readonly #ciphers: ResourceCiphers;
  readonly #onTransformation: OnTransformation | undefined;
  readonly #describe: NonNullable<EncryptedBackendOptions['describe']>;
  readonly #resources = new KeyPrefixes<GroupResource>();

  constructor(
    backend: KvBackend,
    ciphers: ResourceCiphers,
    { onTransformation, describe = (_, why) => why }: EncryptedBackendOptions = {},
  ) {
    this.#backend = backend;
    this.#ciphers = ciphers;
    this.#onTransformation = onTransformation;
    this.#describe = describe;
  }

  /** Tells what is stored below `prefix`, which ends with a slash. */
  name(prefix: string, resource: GroupResource): void {
    this.#resources.set(prefix, resource);
  }

  get progressIsReliable(): boolean {
    return this.#backend.progressIsReliable ?? true;
  }

  get compacted(): Revision {
    return this.#backend.compacted ?? 0;
  }

  async get(key: string, options?: KvReadOptions): Promise<{ readonly kv?: KeyValue; readonly revision: Revision }> {
    const answer = await this.#backend.get(key, options);
    return answer.kv === undefined || options?.keysOnly ? answer : { ...answer, kv: await this.#open(answer.kv) };
  }

  async list(prefix: string, options?: KvListOptions): Promise<KvListResult> {
    const answer = await this.#backend.list(prefix, options);
    return options?.keysOnly ? answer : { ...answer, kvs: await this.#openAll(answer.kvs) };
  }

  async put(key: string, value: Uint8Array, expected: Revision, options?: { readonly ttlSeconds?: number }): Promise<CasResult> {
    return this.#openCurrent(await this.#backend.put(key, await this.#seal(key, value), expected, options));
  }

  async delete(key: string, expected: Revision): Promise<CasResult> {
    return this.#openCurrent(await this.#backend.delete(key, expected));
  }

  async *watch(prefix: string, from: Revision, options: KvWatchOptions): AsyncGenerator<WatchBatch> {
    for await (const batch of this.#backend.watch(prefix, from, options)) yield { ...batch, events: await this.#openAll(batch.events) };
  }

  currentRevision(): Promise<Revision> {
    return this.#backend.currentRevision();
  }

  requestProgress(): void {
    this.#backend.requestProgress();
  }

  compact(revision: Revision): Promise<void> {
    return this.#backend.compact(revision);
  }

  close(): Promise<void> {
    return this.#backend.close();
  }

  async #seal(key: string, value: Uint8Array): Promise<Uint8Array> {
    const resource = this.#resources.find(key);
    const cipher = resource && this.#ciphers.cipherOf(resource);
    if (resource === undefined || cipher === undefined) return value;
    try {
      const sealed = await cipher.seal(value, key);
      this.#onTransformation?.('to_storage', resource, false);
      return sealed;
    } catch (error) {
      this.#onTransformation?.('to_storage', resource, true);
      throw unreadable(error);
    }
  }

  async #openCurrent(result: CasResult): Promise<CasResult> {
    return result.ok || result.current === undefined ? result : { ...result, current: await this.#open(result.current) };
  }

  /** In the same array where all are as they are stored: nothing to be paid for by those who do not encrypt. */
  async #openAll<T extends KeyValue | KvEvent>(stored: readonly T[]): Promise<readonly T[]> {
    let opened: T[] | undefined;
    for (let at = 0; at < stored.length; at++) {
      const one = stored[at] as T;
      const result = this.#open(one);
      const open = result instanceof Promise ? await result : result;
      if (open === one && opened === undefined) continue;
      opened ??= stored.slice(0, at);
      opened.push(open);
    }
    return opened ?? stored;
  }

  #open<T extends KeyValue | KvEvent>(stored: T): T | Promise<T> {
    const { previous } = stored as Partial<KvEvent>;
    if (previous === undefined) return this.#openValue(stored);
    const [own, replaced] = [this.#openValue(stored), this.#openValue(previous)];
    if (own === stored && replaced === previous) return stored;
    return Promise.all([own, replaced]).then(([open, before]) => ({ ...open, previous: before }));
  }

  #openValue<T extends Stored>(stored: T): T | Promise<T> {
    const { key, value } = stored;
    const resource = value && this.#resources.find(key);
    if (value === undefined || resource === undefined) return stored;
    const configured = this.#ciphers.cipherOf(resource);
    if (configured === undefined && !isSealed(value)) return stored;
    const cipher = configured ?? identity;
    const done = ({ value: open, stale }: OpenedValue): T => {
      if (open === value && !stale) return stored;
      this.#onTransformation?.('from_storage', resource, false);
      return withFlaw({ ...stored, value: open }, stale ? 'stale' : undefined);
    };
    const failed = (error: unknown): T => {
      this.#onTransformation?.('from_storage', resource, true);
      return withFlaw(
        stored,
        unreadable(error, (why) => this.#describe(key, why)),
      );
    };
    try {
      const opened = cipher.open(value, key);
      return opened instanceof Promise ? opened.then(done, failed) : done(opened);
    } catch (error) {
      return failed(error);
    }
  }
}

function withFlaw<T extends Stored>(stored: T, flaw: ValueFlaw | undefined): T {
  return flaw === undefined ? stored : { ...stored, flaw };
}

function unreadable(error: unknown, describe = (why: string) => why): StorageError {
  const why = error instanceof Error ? error.message : String(error);
  return new StorageError('unreadable', describe(why), undefined, { cause: error });
}

import type { CasResult, KvBackend, Revision } from '../kv.js';
import type { UpdateOutcome, UpdateResult } from '../resource-store.js';
import { StorageError } from '../storage-error.js';
import { StoredObject } from '../stored-object.js';
import type { ResourceLayout } from './resource-layout.js';

type Transform = (current: StoredObject | undefined) => UpdateResult | Promise<UpdateResult>;

/** A state to start from. `stored`: read from the store, so its verdicts count; else a cached one that may be stale. */
interface Origin {
  readonly object: StoredObject | undefined;
  readonly stored: boolean;
}

/** The writes of one resource: compare-and-set, with retries where they are safe. */
export class ObjectWriter {
  constructor(
    private readonly backend: KvBackend,
    private readonly layout: ResourceLayout,
  ) {}

  async create(path: string, value: Uint8Array, options?: { readonly ttlSeconds?: number }): Promise<StoredObject> {
    const result = await this.backend.put(this.layout.prefix + path, value, 0, options);
    if (!result.ok) throw new StorageError('keyExists', `key exists: ${path}`, result.revision);
    return this.#object(path, value, result.revision);
  }

  /** See `ResourceStore.update`. `hint` is a cached state, tried first. */
  async update(path: string, transform: Transform, hint?: StoredObject): Promise<UpdateOutcome> {
    let origin: Origin = hint === undefined ? await this.#read(path) : { object: hint, stored: false };
    for (;;) {
      const verdict = await judge(transform, origin.object);
      if (verdict.action === 'throw' || verdict.action === 'keep') {
        const confirmed: Origin = origin.stored ? origin : await this.#read(path);
        if (!isConfirmed(origin, confirmed)) {
          origin = confirmed;
          continue;
        }
        if (verdict.action === 'throw') throw verdict.error;
        return unchanged(confirmed.object);
      }
      const result = verdict.action === 'put' ? await this.#replace(path, origin, verdict) : await this.#remove(path, origin);
      if ('action' in result) return result;
      origin = result;
    }
  }

  /** The outcome, or the state to try again from. */
  async #replace(path: string, origin: Origin, put: Extract<UpdateResult, { action: 'put' }>): Promise<UpdateOutcome | Origin> {
    const previous = origin.object;
    if (!put.evenIfSame && previous?.value.equals(put.value) && !previous.isStale) {
      return origin.stored ? unchanged(previous) : await this.#confirmUnchanged(path, previous);
    }
    const result = await this.backend.put(this.layout.prefix + path, put.value, previous?.revision ?? 0, put);
    if (!result.ok) return this.#lostTo(result);
    const current = this.#object(path, put.value, result.revision);
    return previous === undefined ? { action: 'created', current } : { action: 'updated', previous, current };
  }

  async #remove(path: string, origin: Origin): Promise<UpdateOutcome | Origin> {
    const previous = origin.object;
    if (previous === undefined) throw new StorageError('keyNotFound', `key not found: ${path}`);
    const result = await this.backend.delete(this.layout.prefix + path, previous.revision);
    return result.ok ? { action: 'deleted', previous, current: previous.at(result.revision) } : this.#lostTo(result);
  }

  async #confirmUnchanged(path: string, cached: StoredObject): Promise<UpdateOutcome | Origin> {
    const origin = await this.#read(path);
    return isConfirmed({ object: cached, stored: false }, origin) ? unchanged(cached) : origin;
  }

  async #read(path: string): Promise<Origin> {
    const { kv } = await this.backend.get(this.layout.prefix + path);
    return { object: kv && new StoredObject(path, kv.value, kv.modRevision, this.layout.indexer, kv.flaw), stored: true };
  }

  #lostTo(result: Extract<CasResult, { ok: false }>): Origin {
    const { current } = result;
    const path = current?.key.slice(this.layout.prefix.length) ?? '';
    return {
      object: current && new StoredObject(path, current.value, current.modRevision, this.layout.indexer, current.flaw),
      stored: true,
    };
  }

  #object(path: string, value: Uint8Array, revision: Revision): StoredObject {
    const bytes = Buffer.from(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength);
    return new StoredObject(path, bytes, revision, this.layout.indexer);
  }
}

/** Whether what was concluded from `origin` holds for the stored state: a cached one cannot know that it is stale by now, or not readable. */
function isConfirmed(origin: Origin, stored: Origin): boolean {
  if (origin.stored) return true;
  return stored.object?.revision === origin.object?.revision && !stored.object?.hasFlaw;
}

type Verdict = UpdateResult | { readonly action: 'throw'; readonly error: unknown };

async function judge(transform: Transform, current: StoredObject | undefined): Promise<Verdict> {
  try {
    return await transform(current);
  } catch (error) {
    return { action: 'throw', error };
  }
}

function unchanged(object: StoredObject | undefined): UpdateOutcome {
  return object === undefined ? { action: 'unchanged' } : { action: 'unchanged', previous: object, current: object };
}

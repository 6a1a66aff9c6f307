import { core, envelopePrefix, isEnvelope, unwrapMessage, wrap } from '@keelson/schema';
import type { KeyValue, KvBackend } from '@keelson/storage';

const PREFIX = envelopePrefix('v1', 'Endpoints');

/**
 * The addresses of the replicas that are alive: each holds a key under a TTL, laid out as kube-apiserver's master
 * leases, so that both can stand behind one `kubernetes` Service.
 */
export class ReplicaLeases {
  readonly #backend: KvBackend;
  readonly #prefix: string;
  readonly #ttlSeconds: number;

  constructor(backend: KvBackend, keyPrefix: string, ttlSeconds: number) {
    this.#backend = backend;
    this.#prefix = `${keyPrefix}/masterleases/`;
    this.#ttlSeconds = ttlSeconds;
  }

  /** Takes the lease, or renews it: the generation grows, so that every renewal is a write. */
  async renew(ip: string): Promise<void> {
    const key = this.#prefix + ip;
    let { kv } = await this.#backend.get(key);
    // The lease may run out, or another server of the same address renew it, between reading and writing.
    for (;;) {
      const value = wrap(PREFIX, core.v1.Endpoints.codec.encode(leaseOf(ip, generationOf(kv) + 1)));
      const result = await this.#backend.put(key, value, kv?.modRevision ?? 0, { ttlSeconds: this.#ttlSeconds });
      if (result.ok) return;
      kv = result.current;
    }
  }

  /** Gives the lease back; gone already is as good. */
  async release(ip: string): Promise<void> {
    const { kv } = await this.#backend.get(this.#prefix + ip, { keysOnly: true });
    if (kv !== undefined) await this.#backend.delete(kv.key, kv.modRevision);
  }

  /** Addresses of all replicas with a lease, sorted. */
  async addresses(): Promise<string[]> {
    const { kvs } = await this.#backend.list(this.#prefix, { keysOnly: true });
    return kvs.map(({ key }) => key.slice(this.#prefix.length)).sort();
  }
}

/** None of a lease that another server wrote as text: any other bytes renew it. */
function generationOf(kv: KeyValue | undefined): number {
  if (kv === undefined || !isEnvelope(kv.value)) return 0;
  return core.v1.Endpoints.codec.decode(unwrapMessage(kv.value)).metadata.generation ?? 0;
}

function leaseOf(ip: string, generation: number): core.v1.Endpoints {
  return { metadata: { generation }, subsets: [{ addresses: [{ ip }] }] } as core.v1.Endpoints;
}

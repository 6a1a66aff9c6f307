import type { EtcdCalls } from './etcd-calls.js';
import { encodeLeaseGrant, LEASE_GRANT } from './wire/lease.js';

/** Keys on one lease, at most: etcd deletes them all at once when it ends. */
const MAX_KEYS = 1000;
/** A lease serves keys for this share of their TTL, at most this long; they live that much longer at worst. */
const REUSE_SHARE = 0.05;
const MAX_REUSE_SECONDS = 60;

interface Lease {
  readonly id: number;
  /** Not before this (monotonic clock), because the grant took time too. */
  readonly endsMs: number;
  keys: number;
}

/** Leases for keys with a TTL: one lease serves many keys that are written soon after one another. */
export class SharedLeases {
  readonly #calls: EtcdCalls;
  /** The newest lease for each TTL in seconds. There are few different TTLs. */
  readonly #newest = new Map<number, Promise<Lease>>();

  constructor(calls: EtcdCalls) {
    this.#calls = calls;
  }

  /** The id of a lease that lasts at least `ttlSeconds` from now. */
  async leaseFor(ttlSeconds: number): Promise<number> {
    for (;;) {
      const newest = this.#newest.get(ttlSeconds);
      const lease = await (newest ?? this.#grant(ttlSeconds));
      if (lease.keys < MAX_KEYS && (lease.keys === 0 || lease.endsMs >= performance.now() + ttlSeconds * 1000)) {
        lease.keys++;
        return lease.id;
      }
      if (this.#newest.get(ttlSeconds) === newest) this.#newest.delete(ttlSeconds);
    }
  }

  /** Forgets a lease that the store does not know any more. */
  async forget(leaseId: number): Promise<void> {
    for (const [ttlSeconds, lease] of this.#newest) {
      if ((await lease).id === leaseId && this.#newest.get(ttlSeconds) === lease) this.#newest.delete(ttlSeconds);
    }
  }

  #grant(ttlSeconds: number): Promise<Lease> {
    const lease = this.#requestLease(ttlSeconds + Math.floor(Math.min(ttlSeconds * REUSE_SHARE, MAX_REUSE_SECONDS)));
    this.#newest.set(ttlSeconds, lease);
    lease.catch(() => {
      if (this.#newest.get(ttlSeconds) === lease) this.#newest.delete(ttlSeconds);
    });
    return lease;
  }

  async #requestLease(ttlSeconds: number): Promise<Lease> {
    const id = randomLeaseId();
    const endsMs = performance.now() + ttlSeconds * 1000;
    await this.#calls.read(LEASE_GRANT, encodeLeaseGrant(id, ttlSeconds));
    return { id, endsMs, keys: 0 };
  }
}

/** Two random ids of this size never meet. */
function randomLeaseId(): number {
  return 1 + Math.floor(Math.random() * (Number.MAX_SAFE_INTEGER - 1));
}

import { Histogram } from '@keelson/machinery';
import type { EtcdCalls } from './etcd-calls.js';
import { encodeLeaseGrant, LEASE_GRANT } from './wire/lease.js';

/** Keys on one lease, at most: etcd deletes them all at once when it ends. */
const MAX_KEYS = 1000;
/** A lease serves keys for this share of their TTL at most; they live that much longer at worst. */
const REUSE_SHARE = 0.05;

/** As kube-apiserver. */
const keyBounds = Float64Array.of(10, 50, 100, 500, 1000, 2500, 5000);

interface Lease {
  readonly id: number;
  /** Not before this (monotonic clock), because the grant took time too. */
  readonly endsMs: number;
  keys: number;
}

/** Leases for keys with a TTL: one lease serves many keys that are written soon after one another, as in kube-apiserver. */
export class SharedLeases {
  readonly #calls: EtcdCalls;
  readonly #maxReuseSeconds: number;
  /** The newest lease by TTL in seconds, and the one being granted. There are few different TTLs. */
  readonly #newest = new Map<number, Lease>();
  readonly #grants = new Map<number, Promise<Lease>>();
  /** Keys on a lease when it is replaced by a newer one. */
  readonly keys = new Histogram(keyBounds);

  constructor(calls: EtcdCalls, maxReuseSeconds: number) {
    this.#calls = calls;
    this.#maxReuseSeconds = maxReuseSeconds;
  }

  /** The id of a lease that lasts `ttlSeconds` from now. */
  async leaseFor(ttlSeconds: number): Promise<number> {
    let lease = this.#newest.get(ttlSeconds);
    if (lease === undefined || lease.endsMs < performance.now() + ttlSeconds * 1000) lease = await this.#granted(ttlSeconds);
    while (lease.keys >= MAX_KEYS) lease = await this.#granted(ttlSeconds);
    lease.keys++;
    return lease.id;
  }

  /** Gives up a lease that the store does not know any more. */
  forget(leaseId: number): void {
    for (const [ttlSeconds, lease] of this.#newest) if (lease.id === leaseId) this.#newest.delete(ttlSeconds);
  }

  /** A lease granted after this call, shared by all who ask before it is there. */
  #granted(ttlSeconds: number): Promise<Lease> {
    let grant = this.#grants.get(ttlSeconds);
    if (grant === undefined) {
      grant = this.#grant(ttlSeconds);
      this.#grants.set(ttlSeconds, grant);
    }
    return grant;
  }

  async #grant(ttlSeconds: number): Promise<Lease> {
    const leaseSeconds = ttlSeconds + Math.floor(Math.min(ttlSeconds * REUSE_SHARE, this.#maxReuseSeconds));
    const lease: Lease = { id: randomLeaseId(), endsMs: performance.now() + leaseSeconds * 1000, keys: 0 };
    try {
      await this.#calls.write(LEASE_GRANT, encodeLeaseGrant(lease.id, leaseSeconds));
      this.keys.observe(this.#newest.get(ttlSeconds)?.keys ?? 0);
      this.#newest.set(ttlSeconds, lease);
      return lease;
    } finally {
      this.#grants.delete(ttlSeconds);
    }
  }
}

/** Two random ids of this size never meet. */
function randomLeaseId(): number {
  return 1 + Math.floor(Math.random() * (Number.MAX_SAFE_INTEGER - 1));
}

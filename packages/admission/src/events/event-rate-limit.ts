import { type AdmissionAttributes, type AdmissionPlugin, ApiError, LruMap } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { onCreateAndUpdate } from '../operations.js';
import type { EventLimit, EventLimitType } from './event-limits.js';
import { TokenBucket } from './token-bucket.js';

/** Keeps those who write many events from filling the store. Only those of the core group are counted, as in Kubernetes. */
export class EventRateLimit implements AdmissionPlugin {
  readonly name = 'EventRateLimit';
  readonly handles = onCreateAndUpdate;
  readonly #limits: readonly LimitedEvents[];

  constructor(limits: readonly EventLimit[], nowMs = () => performance.now()) {
    this.#limits = limits.map((limit) => new LimitedEvents(limit, nowMs));
  }

  validate(attributes: AdmissionAttributes): void {
    const { group, kind } = attributes.kind;
    if (group !== '' || kind !== 'Event') return;
    // Every limit counts the event; who is refused hears of the last one that it is beyond.
    const refusals = this.#limits.map((limit) => limit.refusal(attributes)).filter((refusal) => refusal !== undefined);
    const last = refusals.at(-1);
    if (last !== undefined) throw new ApiError(429, 'TooManyRequests', `Too many requests: ${last}`);
  }
}

const KEYS: Readonly<Record<EventLimitType, (attributes: AdmissionAttributes) => string>> = {
  Server: () => '',
  Namespace: ({ namespace }) => namespace,
  User: ({ user }) => user.name,
  SourceAndObject: ({ object }) => sourceAndObject(object as core.v1.Event | undefined),
};

function sourceAndObject(event: core.v1.Event | undefined): string {
  const { component = '', host = '' } = event?.source ?? {};
  const { kind = '', namespace = '', name = '', uid = '', apiVersion = '' } = event?.involvedObject ?? {};
  return [component, host, kind, namespace, name, uid, apiVersion].join('');
}

/** One limit, with the buckets of those whom it tells apart. */
class LimitedEvents {
  readonly #limit: EventLimit;
  readonly #nowMs: () => number;
  readonly #buckets: LruMap<string, TokenBucket>;

  constructor(limit: EventLimit, nowMs: () => number) {
    this.#limit = limit;
    this.#nowMs = nowMs;
    this.#buckets = new LruMap(limit.cacheSize);
  }

  /** Counts the event; undefined when it may pass. */
  refusal(attributes: AdmissionAttributes): string | undefined {
    const { type } = this.#limit;
    const key = KEYS[type](attributes);
    return this.#bucket(key).take(this.#nowMs()) ? undefined : `limit reached on type ${type} for key ${key}`;
  }

  #bucket(key: string): TokenBucket {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#limit.qps, this.#limit.burst, this.#nowMs());
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }
}

import { hostname } from 'node:os';
import { dns1123Subdomain, type GroupVersionResource, hasReason, type KubeObject, microTimeOf, newUid } from '@keelson/machinery';
import type { core, events } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';

type Event = events.v1.Event;

const EVENTS: GroupVersionResource = { group: 'events.k8s.io', version: 'v1', resource: 'events' };

/** A series goes on when the same is seen again within this time. */
const SERIES_GAP_MS = 6 * 60_000;
/** A series that goes on is written so often: before the event's time to live is over. */
const REFRESH_MS = 30 * 60_000;

export interface Finding {
  readonly regarding: core.v1.ObjectReference;
  /** Why, in one CamelCase word for programs. */
  readonly reason: string;
  /** What was being done, as one word. */
  readonly action: string;
  /** The same for people. */
  readonly note: string;
}

/** One thing that was seen, perhaps again and again. */
interface Series {
  readonly event: Event;
  count: number;
  lastSeenMs: number;
  writtenMs: number;
}

/** Tells users what a controller has found, by events; what is found again and again is one event with a count (KEP-383). */
export class EventRecorder {
  readonly #client: LoopbackClient;
  readonly #controller: string;
  readonly #onFailure: (error: unknown) => void;
  readonly #series = new Map<string, Series>();

  constructor(client: LoopbackClient, controller: string, onFailure: (error: unknown) => void) {
    this.#client = client;
    this.#controller = controller;
    this.#onFailure = onFailure;
  }

  /** Never rejects: who tells of a problem must go on solving it. */
  async warn(finding: Finding): Promise<void> {
    const nowMs = Date.now();
    try {
      await this.#endSeries(nowMs);
      const key = JSON.stringify(finding);
      const known = this.#series.get(key);
      if (known === undefined) await this.#begin(key, finding, nowMs);
      else await this.#repeat(known, nowMs);
    } catch (error) {
      this.#onFailure(error);
    }
  }

  async #begin(key: string, finding: Finding, nowMs: number): Promise<void> {
    const event = this.#event(finding, nowMs);
    this.#series.set(key, { event, count: 1, lastSeenMs: nowMs, writtenMs: nowMs });
    await this.#client.create(EVENTS, event);
  }

  async #repeat(series: Series, nowMs: number): Promise<void> {
    series.count++;
    series.lastSeenMs = nowMs;
    if (series.count === 2 || nowMs - series.writtenMs >= REFRESH_MS) await this.#write(series, nowMs);
  }

  /** Forgets what was not seen for a while, with a last word of how often it was. */
  async #endSeries(nowMs: number): Promise<void> {
    for (const [key, series] of this.#series) {
      if (nowMs - series.lastSeenMs <= SERIES_GAP_MS) continue;
      this.#series.delete(key);
      if (series.lastSeenMs > series.writtenMs) await this.#write(series, nowMs);
    }
  }

  /** Writes the count, to a new event where the old one has expired. */
  async #write(series: Series, nowMs: number): Promise<void> {
    const { event, count, lastSeenMs } = series;
    const { namespace = '', name = '' } = event.metadata;
    const counted = { series: { count, lastObservedTime: microTimeOf(lastSeenMs) } };
    series.writtenMs = nowMs;
    try {
      await this.#client.update(EVENTS, namespace, name, (stored) => Object.assign(stored, counted));
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
      await this.#client.create(EVENTS, { ...event, ...counted } as Event);
    }
  }

  #event({ regarding, reason, action, note }: Finding, nowMs: number): Event {
    return {
      metadata: { name: eventName(regarding.name ?? '', nowMs), namespace: regarding.namespace ?? 'default' },
      eventTime: microTimeOf(nowMs),
      reportingController: this.#controller,
      reportingInstance: `${this.#controller}-${hostname()}`,
      action,
      reason,
      regarding,
      note,
      type: 'Warning',
    } as Event;
  }
}

/** How an event names the object it is about. */
export function referenceTo(apiVersion: string, kind: string, { metadata }: KubeObject): core.v1.ObjectReference {
  const { namespace, name = '', uid = '', resourceVersion = '' } = metadata;
  return { kind, ...(namespace !== undefined && { namespace }), name, uid, apiVersion, resourceVersion };
}

let lastNanos = 0n;

/** The object's name and a time that no other event of this process has; another unique name where that cannot be one. */
export function eventName(about: string, nowMs: number): string {
  const nanos = BigInt(nowMs) * 1_000_000n;
  lastNanos = nanos > lastNanos ? nanos : lastNanos + 1n;
  const name = `${about}.${lastNanos.toString(16)}`;
  return dns1123Subdomain(name).length === 0 ? name : newUid();
}

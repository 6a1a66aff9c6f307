import { exponentialBounds } from '@keelson/machinery';
import { CollectedFamily, CounterFamily, HistogramFamily } from './registry/family.js';
import type { MetricsRegistry } from './registry/metrics-registry.js';

/** A queue of keys, as it is when metrics are asked for. */
export interface ObservedQueue {
  /** Keys that wait. */
  readonly depth: number;
  /** When the work that is under way was begun, by `performance.now()`. */
  startedAtMs(): Iterable<number>;
}

/** Where one queue is counted. */
export interface QueueInstruments {
  /** Whom to ask for what cannot be counted; the latest one of this name. */
  watch(queue: ObservedQueue): void;
  added(): void;
  begun(waitedMs: number): void;
  done(tookMs: number): void;
  retried(): void;
}

const labels = ['name'];
const bounds = exponentialBounds(1e-8, 10, 10);

/** The queues of controllers, by their names. */
export class QueueMetrics {
  readonly #adds: CounterFamily;
  readonly #waits: HistogramFamily;
  readonly #works: HistogramFamily;
  readonly #retries: CounterFamily;
  readonly #queues = new Map<string, ObservedQueue>();

  constructor(registry: MetricsRegistry) {
    const counter = (of: string, help: string) => registry.add(new CounterFamily(`workqueue_${of}`, `[ALPHA] ${help}`, labels));
    const histogram = (of: string, help: string) => registry.add(new HistogramFamily(`workqueue_${of}`, `[ALPHA] ${help}`, labels, bounds));
    const gauge = (of: string, help: string, value: (queue: ObservedQueue) => number) => {
      const collect = () => Array.from(this.#queues, ([name, queue]) => [[name], value(queue)] as const);
      registry.add(new CollectedFamily('gauge', `workqueue_${of}`, `[ALPHA] ${help}`, labels, collect));
    };
    this.#adds = counter('adds_total', 'Keys that were added to a queue.');
    this.#retries = counter('retries_total', 'Keys that were put back to be worked on later.');
    this.#waits = histogram('queue_duration_seconds', 'Time that keys waited in a queue.');
    this.#works = histogram('work_duration_seconds', 'Time that keys were worked on.');
    gauge('depth', 'Keys that wait in a queue.', ({ depth }) => depth);
    gauge('unfinished_work_seconds', 'Time that the work under way has taken so far, all of it together.', (queue) =>
      running(queue).reduce((sum, seconds) => sum + seconds, 0),
    );
    gauge('longest_running_processor_seconds', 'Time that the oldest work under way has taken so far.', (queue) =>
      running(queue).reduce((longest, seconds) => Math.max(longest, seconds), 0),
    );
  }

  of(name: string): QueueInstruments {
    const adds = this.#adds.child(name);
    const retries = this.#retries.child(name);
    const waits = this.#waits.child(name);
    const works = this.#works.child(name);
    return {
      watch: (queue) => void this.#queues.set(name, queue),
      added: () => adds.add(),
      begun: (waitedMs) => waits.observe(waitedMs / 1000),
      done: (tookMs) => works.observe(tookMs / 1000),
      retried: () => retries.add(),
    };
  }
}

function running(queue: ObservedQueue): number[] {
  const nowMs = performance.now();
  return Array.from(queue.startedAtMs(), (startedAtMs) => (nowMs - startedAtMs) / 1000);
}

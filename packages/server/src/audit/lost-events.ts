import type { Log } from '../logging/log.js';
import type { AuditMetrics } from '../metrics/audit-metrics.js';

/** Which part lost events: a name in metrics. */
export type LosingPlugin = 'buffered' | 'truncate' | 'log' | 'webhook';

/** A sink that is stuck is not to fill the operational log as well. */
const REPORT_EVERY_MS = 1_000;

/** Counts events that are lost, and tells of them now and then. Events themselves are not logged: they may hold secrets. */
export class LostEvents {
  readonly #metrics: AuditMetrics;
  readonly #log: Log;
  readonly #unreported = new Map<LosingPlugin, number>();
  #reportedAtMs = Number.NEGATIVE_INFINITY;

  constructor(metrics: AuditMetrics, log: Log) {
    this.#metrics = metrics;
    this.#log = log;
  }

  add(plugin: LosingPlugin, count: number, error: unknown): void {
    this.#metrics.errors(plugin).add(count);
    this.#unreported.set(plugin, (this.#unreported.get(plugin) ?? 0) + count);
    const now = performance.now();
    if (now - this.#reportedAtMs < REPORT_EVERY_MS) return;
    this.#reportedAtMs = now;
    this.#log.error('audit events were lost', { ...Object.fromEntries(this.#unreported), error });
    this.#unreported.clear();
  }
}

import { RecordedLog } from '../../http/testing/running-server.js';
import { AuditMetrics } from '../../metrics/audit-metrics.js';
import { MetricsRegistry } from '../../metrics/registry/metrics-registry.js';
import { type LosingPlugin, LostEvents } from '../lost-events.js';

/** Counts what is lost, by plugin. */
export function countLost() {
  const metrics = new AuditMetrics(new MetricsRegistry());
  const log = new RecordedLog();
  return { lost: new LostEvents(metrics, log), log, count: (plugin: LosingPlugin) => metrics.errors(plugin).value };
}

import { type AuditLevel, auditLevels } from '../audit/audit-level.js';
import { type Counter, CounterFamily } from './registry/family.js';
import type { MetricsRegistry } from './registry/metrics-registry.js';

/** What is audited, and what should have been. */
export class AuditMetrics {
  /** Events made. */
  readonly events: Counter;
  /** Requests, by the level that the policy gives them. */
  readonly levels: Readonly<Record<AuditLevel, Counter>>;
  /** Requests that were not served because their event could not be stored. */
  readonly rejections: Counter;
  readonly #errors: CounterFamily;

  constructor(registry: MetricsRegistry) {
    const add = (name: string, help: string, labels: readonly string[] = []) => registry.add(new CounterFamily(name, help, labels));
    this.events = add('apiserver_audit_event_total', '[ALPHA] Audit events made and handed to the audit backend.').child();
    this.#errors = add('apiserver_audit_error_total', '[ALPHA] Audit events that were lost, by the plugin that lost them.', ['plugin']);
    const levels = add('apiserver_audit_level_total', '[ALPHA] Requests, by the level at which the policy has them audited.', ['level']);
    this.levels = Object.fromEntries(auditLevels.map((level) => [level, levels.child(level)])) as Record<AuditLevel, Counter>;
    this.rejections = add(
      'apiserver_audit_requests_rejected_total',
      '[ALPHA] Requests refused because their audit event could not be stored.',
    ).child();
  }

  /** Where the events are counted that a plugin loses. */
  errors(plugin: string): Counter {
    return this.#errors.child(plugin);
  }
}

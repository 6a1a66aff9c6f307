import { AdmissionMetrics } from './admission-metrics.js';
import { AuditMetrics } from './audit-metrics.js';
import { AuthenticationMetrics } from './authentication-metrics.js';
import { AuthorizationMetrics } from './authorization-metrics.js';
import { EgressMetrics } from './egress-metrics.js';
import { HealthMetrics } from './health-metrics.js';
import { PodSecurityMetrics } from './pod-security-metrics.js';
import { PolicyMetrics } from './policy-metrics.js';
import { MetricsRegistry } from './registry/metrics-registry.js';
import { RequestMetrics } from './request-metrics.js';
import { StorageMetrics } from './storage-metrics.js';
import { WatchMetrics } from './watch-metrics.js';
import { WebhookMetrics } from './webhook-metrics.js';

/** All that one server counts. */
export class Instruments {
  /** What `/metrics` shows. */
  readonly registry = new MetricsRegistry();
  /** What `/metrics/slis` shows. */
  readonly serviceLevels = new MetricsRegistry();
  readonly requests = new RequestMetrics(this.registry);
  readonly audit = new AuditMetrics(this.registry);
  readonly authentication = new AuthenticationMetrics(this.registry);
  readonly authorization = new AuthorizationMetrics(this.registry);
  readonly admission = new AdmissionMetrics(this.registry);
  readonly storage = new StorageMetrics(this.registry);
  readonly watches = new WatchMetrics(this.registry);
  readonly podSecurity = new PodSecurityMetrics(this.registry);
  readonly policies = new PolicyMetrics(this.registry);
  readonly webhooks = new WebhookMetrics(this.registry);
  readonly egress = new EgressMetrics(this.registry);
  readonly health = new HealthMetrics(this.serviceLevels);
}

import { AuthenticationMetrics } from './access/authentication-metrics.js';
import { AuthorizationMetrics } from './access/authorization-metrics.js';
import { AdmissionMetrics } from './admission/admission-metrics.js';
import { PodSecurityMetrics } from './admission/pod-security-metrics.js';
import { PolicyMetrics } from './admission/policy-metrics.js';
import { WebhookMetrics } from './admission/webhook-metrics.js';
import { AuditMetrics } from './audit-metrics.js';
import { EgressMetrics } from './egress-metrics.js';
import { HealthMetrics } from './health-metrics.js';
import { QueueMetrics } from './queue-metrics.js';
import { MetricsRegistry } from './registry/metrics-registry.js';
import { remoteObserver } from './remote-metrics.js';
import { filterDurations } from './requests/filter-metrics.js';
import { RequestMetrics } from './requests/request-metrics.js';
import { WatchMetrics } from './requests/watch-metrics.js';
import { ruleTimes } from './rule-times.js';
import { StorageMetrics } from './storage/storage-metrics.js';

/** All that one server counts. */
export class Instruments {
  /** What `/metrics` shows. */
  readonly registry = new MetricsRegistry();
  /** What `/metrics/slis` shows. */
  readonly serviceLevels = new MetricsRegistry();
  readonly requests = new RequestMetrics(this.registry);
  readonly filterDurations = filterDurations(this.registry);
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
  readonly ruleTimes = ruleTimes(this.registry);
  readonly remote = remoteObserver(this.registry);
  readonly queues = new QueueMetrics(this.registry);
  readonly health = new HealthMetrics(this.serviceLevels);
}

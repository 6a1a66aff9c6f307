import { CounterFamily, HistogramFamily } from './family.js';
import type { MetricsRegistry } from './metrics-registry.js';

/** Status codes beyond this one are not told apart: webhooks make them up. */
const LARGEST_CODE = 600;
const DURATION_BOUNDS = [0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 25];
const NAMED = 'identified by name and broken out for each operation';

/** What admission webhooks do. `type`: `admit` for those that may change objects, else `validating`. */
export class WebhookMetrics {
  readonly #durations: HistogramFamily;
  readonly #requests: CounterFamily;
  readonly #rejections: CounterFamily;
  readonly #failedOpen: CounterFamily;

  constructor(registry: MetricsRegistry) {
    this.#durations = registry.add(
      new HistogramFamily(
        'apiserver_admission_webhook_admission_duration_seconds',
        `[STABLE] Time that admission webhooks take, ${NAMED} and type.`,
        ['name', 'type', 'operation', 'rejected'],
        DURATION_BOUNDS,
      ),
    );
    this.#requests = registry.add(
      new CounterFamily('apiserver_admission_webhook_request_total', `[ALPHA] Requests to admission webhooks, ${NAMED}, type and code.`, [
        'name',
        'type',
        'operation',
        'code',
        'rejected',
      ]),
    );
    this.#rejections = registry.add(
      new CounterFamily(
        'apiserver_admission_webhook_rejection_count',
        `[ALPHA] Requests refused because of admission webhooks, ${NAMED}, type, cause and code.`,
        ['name', 'type', 'operation', 'error_type', 'rejection_code'],
      ),
    );
    this.#failedOpen = registry.add(
      new CounterFamily(
        'apiserver_admission_webhook_fail_open_count',
        '[ALPHA] Failures of admission webhooks that were ignored, identified by name and type.',
        ['name', 'type'],
      ),
    );
  }

  called(webhook: string, type: string, operation: string, code: number, rejected: boolean, durationMs: number): void {
    this.#requests.child(webhook, type, operation, codeLabel(code), String(rejected)).add();
    this.#durations.child(webhook, type, operation, String(rejected)).observe(durationMs / 1000);
  }

  rejected(webhook: string, type: string, operation: string, error: string, code: number): void {
    this.#rejections.child(webhook, type, operation, error, codeLabel(code)).add();
  }

  failedOpen(webhook: string, type: string): void {
    this.#failedOpen.child(webhook, type).add();
  }
}

function codeLabel(code: number): string {
  return String(Math.min(code, LARGEST_CODE));
}

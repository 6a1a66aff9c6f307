import { CounterFamily, HistogramFamily } from '../registry/family.js';
import type { MetricsRegistry } from '../registry/metrics-registry.js';

/** Status codes beyond this one are not told apart: webhooks make them up. */
const LARGEST_CODE = 600;
const DURATION_BOUNDS = [0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 25];
const CONDITION_BOUNDS = [0.001, 0.005, 0.01, 0.025, 0.1, 0.2, 0.25];
const NAMED = 'identified by name and broken out for each operation';

interface ConditionsOutcome {
  readonly failed: boolean;
  readonly excludes: boolean;
}

/** What admission webhooks do. `type`: `admit` for those that may change objects, else `validating`. */
export class WebhookMetrics {
  readonly #durations: HistogramFamily;
  readonly #requests: CounterFamily;
  readonly #rejections: CounterFamily;
  readonly #failedOpen: CounterFamily;
  readonly #conditionErrors: CounterFamily;
  readonly #exclusions: CounterFamily;
  readonly #conditionDurations: HistogramFamily;

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
    const labels = ['name', 'kind', 'type', 'operation'];
    const conditions = 'by name of what has them, its kind, operation and type';
    this.#conditionErrors = registry.add(
      new CounterFamily(
        'apiserver_admission_match_condition_evaluation_errors_total',
        `[ALPHA] Match conditions that could not be evaluated, ${conditions}.`,
        labels,
      ),
    );
    this.#exclusions = registry.add(
      new CounterFamily(
        'apiserver_admission_match_condition_exclusions_total',
        `[ALPHA] Requests that match conditions left out, ${conditions}.`,
        labels,
      ),
    );
    this.#conditionDurations = registry.add(
      new HistogramFamily(
        'apiserver_admission_match_condition_evaluation_seconds',
        `[ALPHA] Time to evaluate match conditions, ${conditions}.`,
        labels,
        CONDITION_BOUNDS,
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

  conditionsEvaluated(webhook: string, type: string, operation: string, { failed, excludes }: ConditionsOutcome, durationMs: number): void {
    this.#conditionDurations.child(webhook, 'webhook', type, operation).observe(durationMs / 1000);
    if (failed) this.#conditionErrors.child(webhook, 'webhook', type, operation).add();
    if (excludes) this.#exclusions.child(webhook, 'webhook', stepOf(type), operation).add();
  }
}

/** What exclusions call the type of webhooks. */
function stepOf(type: string): string {
  return type === 'validating' ? 'validate' : type;
}

function codeLabel(code: number): string {
  return String(Math.min(code, LARGEST_CODE));
}

import { type Authorizer, clientBounds, exponentialBounds, type Histogram } from '@keelson/machinery';
import type { AuthorizationEnd } from '../../filters/authorization.js';
import { ConfigurationMetrics } from '../configuration-metrics.js';
import { type Counter, CounterFamily, HistogramFamily } from '../registry/family.js';
import type { MetricsRegistry } from '../registry/metrics-registry.js';

/** What authorizers decide, together and each. */
export class AuthorizationMetrics {
  readonly #results: Readonly<Record<Parameters<AuthorizationEnd>[0], { readonly attempts: Counter; readonly durations: Histogram }>>;
  readonly #decisions: CounterFamily;
  /** What becomes of the file that lists authorizers. */
  readonly configuration: ConfigurationMetrics;
  readonly #evaluations: CounterFamily;
  readonly #evaluationDurations: HistogramFamily;
  readonly #failedOpen: CounterFamily;
  readonly #conditionDurations: HistogramFamily;
  readonly #conditionErrors: CounterFamily;
  readonly #exclusions: CounterFamily;

  constructor(registry: MetricsRegistry) {
    const attempts = registry.add(
      new CounterFamily('authorization_attempts_total', '[ALPHA] Attempts to authorize a request, by result.', ['result']),
    );
    const durations = registry.add(
      new HistogramFamily(
        'authorization_duration_seconds',
        '[ALPHA] Time to authorize a request, by result.',
        ['result'],
        exponentialBounds(0.001, 2, 15),
      ),
    );
    const of = (result: string) => ({ attempts: attempts.child(result), durations: durations.child(result) });
    this.#results = { allow: of('allowed'), deny: of('denied'), noOpinion: of('no-opinion'), error: of('error') };
    this.#decisions = registry.add(
      new CounterFamily('apiserver_authorization_decisions_total', '[ALPHA] Requests allowed and denied, by the authorizer that did.', [
        'type',
        'name',
        'decision',
      ]),
    );
    this.configuration = new ConfigurationMetrics(registry, 'authorization');
    const name = (last: string) => `apiserver_authorization_${last}`;
    this.#evaluations = registry.add(
      new CounterFamily(name('webhook_evaluations_total'), '[BETA] Times an authorization webhook was asked.', ['name', 'result']),
    );
    this.#evaluationDurations = registry.add(
      new HistogramFamily(name('webhook_duration_seconds'), '[BETA] Time that asking took.', ['name', 'result'], clientBounds),
    );
    this.#failedOpen = registry.add(
      new CounterFamily(name('webhook_evaluations_fail_open_total'), '[BETA] Decisions left to others for want of an answer.', [
        'name',
        'result',
      ]),
    );
    this.#conditionDurations = registry.add(
      new HistogramFamily(
        name('match_condition_evaluation_seconds'),
        '[ALPHA] Time that the match conditions of a webhook took.',
        ['type', 'name'],
        [0.001, 0.005, 0.01, 0.025, 0.1, 0.2, 0.25],
      ),
    );
    this.#conditionErrors = registry.add(
      new CounterFamily(name('match_condition_evaluation_errors_total'), '[ALPHA] Match conditions that failed.', ['type', 'name']),
    );
    this.#exclusions = registry.add(
      new CounterFamily(name('match_condition_exclusions_total'), '[ALPHA] Times a webhook was not asked for its match conditions.', [
        'type',
        'name',
      ]),
    );
  }

  /** The observer of the webhook of this name. */
  webhook(name: string) {
    return {
      onEvaluation: (result: string, durationMs: number): void => {
        this.#evaluations.child(name, result).value++;
        this.#evaluationDurations.child(name, result).observe(durationMs / 1000);
      },
      onFailOpen: (result: string): void => {
        this.#failedOpen.child(name, result).value++;
      },
    };
  }

  /** The observer of the conditions of an authorizer. */
  matchConditions(type: string, name: string): (outcome: 'match' | 'exclusion' | 'error', durationMs: number) => void {
    const durations = this.#conditionDurations.child(type, name);
    const errors = this.#conditionErrors.child(type, name);
    const exclusions = this.#exclusions.child(type, name);
    return (outcome, durationMs) => {
      durations.observe(durationMs / 1000);
      if (outcome === 'error') errors.value++;
      if (outcome === 'exclusion') exclusions.value++;
    };
  }

  /** For `AuthorizationOptions.onEnd`. */
  readonly onEnd: AuthorizationEnd = (result, durationMs) => {
    const { attempts, durations } = this.#results[result];
    attempts.value++;
    durations.observe(durationMs / 1000);
  };

  /** The authorizer, its decisions counted; that it has no opinion is none. */
  counted(type: string, name: string, authorizer: Authorizer): Authorizer {
    const allowed = this.#decisions.child(type, name, 'allowed');
    const denied = this.#decisions.child(type, name, 'denied');
    const count = <T extends { readonly decision: 'allow' | 'deny' | 'noOpinion' }>(made: T): T => {
      if (made.decision === 'allow') allowed.value++;
      else if (made.decision === 'deny') denied.value++;
      return made;
    };
    return {
      authorize: (attributes) => {
        const made = authorizer.authorize(attributes);
        return made instanceof Promise ? made.then(count) : count(made);
      },
    };
  }
}

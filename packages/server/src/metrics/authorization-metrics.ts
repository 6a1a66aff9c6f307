import type { Authorizer } from '@keelson/machinery';
import type { AuthorizationEnd } from '../filters/authorization.js';
import { type Counter, CounterFamily, HistogramFamily } from './family.js';
import { exponentialBounds, type Histogram } from './histogram.js';
import type { MetricsRegistry } from './metrics-registry.js';

/** What authorizers decide, together and each. */
export class AuthorizationMetrics {
  readonly #results: Readonly<Record<Parameters<AuthorizationEnd>[0], { readonly attempts: Counter; readonly durations: Histogram }>>;
  readonly #decisions: CounterFamily;

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

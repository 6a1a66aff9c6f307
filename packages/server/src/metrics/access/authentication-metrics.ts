import { exponentialBounds, type Histogram } from '@keelson/machinery';
import type { AuthenticationEnd } from '../../filters/authentication.js';
import { ConfigurationMetrics } from '../configuration-metrics.js';
import { type Counter, CounterFamily, HistogramFamily } from '../registry/family.js';
import type { MetricsRegistry } from '../registry/metrics-registry.js';
import { AccountTokenMetrics } from './account-token-metrics.js';
import { ExternalSignerMetrics } from './external-signer-metrics.js';
import { TokenCacheMetrics } from './token-cache-metrics.js';

/** Names that stand in metrics as they are; they are few, and everybody's. */
const knownUsers = ['admin', 'client', 'kube_proxy', 'kubelet', 'system:serviceaccount:kube-system:default'];

const hour = 3600;
const day = 24 * hour;
const certificateLifeBounds = [
  0,
  hour / 2,
  hour,
  2 * hour,
  6 * hour,
  12 * hour,
  ...[1, 2, 4, 7, 30, 90, 180, 360].map((days) => days * day),
];

/** How authentication went, and for whom. */
export class AuthenticationMetrics {
  readonly #results: Readonly<Record<Parameters<AuthenticationEnd>[0], { readonly attempts: Counter; readonly durations: Histogram }>>;
  readonly #known: ReadonlyMap<string, Counter>;
  readonly #email: Counter;
  readonly #other: Counter;
  readonly #certificateLife: Histogram;
  readonly tokenCache: TokenCacheMetrics;
  readonly configuration: ConfigurationMetrics;
  readonly #jwtDurations: HistogramFamily;
  readonly accountTokens: AccountTokenMetrics;
  readonly externalSigner: ExternalSignerMetrics;

  constructor(registry: MetricsRegistry) {
    const users = registry.add(
      new CounterFamily('authenticated_user_requests', '[ALPHA] Authenticated requests, by kind of user.', ['username']),
    );
    this.#known = new Map(knownUsers.map((name) => [name, users.child(name)]));
    this.#email = users.child('email_id');
    this.#other = users.child('other');
    const attempts = registry.add(new CounterFamily('authentication_attempts', '[ALPHA] Attempts to authenticate, by result.', ['result']));
    const durations = registry.add(
      new HistogramFamily(
        'authentication_duration_seconds',
        '[ALPHA] Time to authenticate, by result.',
        ['result'],
        exponentialBounds(0.001, 2, 15),
      ),
    );
    const of = (result: string) => ({ attempts: attempts.child(result), durations: durations.child(result) });
    this.#results = { success: of('success'), failure: of('failure'), error: of('error') };
    this.tokenCache = new TokenCacheMetrics(registry);
    this.configuration = new ConfigurationMetrics(registry, 'authentication');
    this.#jwtDurations = registry.add(
      new HistogramFamily(
        'apiserver_authentication_jwt_authenticator_latency_seconds',
        '[ALPHA] Time to verify an ID token, by result and issuer.',
        ['result', 'jwt_issuer_hash'],
        [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      ),
    );
    this.accountTokens = new AccountTokenMetrics(registry);
    this.externalSigner = new ExternalSignerMetrics(registry);
    this.#certificateLife = registry
      .add(
        new HistogramFamily(
          'apiserver_client_certificate_expiration_seconds',
          '[ALPHA] Remaining life of the client certificates that requests come with.',
          [],
          certificateLifeBounds,
        ),
      )
      .child();
  }

  /** For `AuthenticationOptions.onEnd`. */
  readonly onEnd: AuthenticationEnd = (result, user, durationMs) => {
    const { attempts, durations } = this.#results[result];
    attempts.value++;
    durations.observe(durationMs / 1000);
    if (user) this.#counterOf(user.name).value++;
  };

  /** For whoever knows ID tokens; `issuerHash` as `sha256:…`. */
  readonly onJwt = (issuerHash: string, result: 'success' | 'failure', durationMs: number): void =>
    this.#jwtDurations.child(result, issuerHash).observe(durationMs / 1000);

  /** For whoever authenticates by client certificates. */
  readonly onCertificate = (remainingMs: number): void => this.#certificateLife.observe(remainingMs / 1000);

  #counterOf(name: string): Counter {
    return this.#known.get(name) ?? (name.includes('@') ? this.#email : this.#other);
  }
}

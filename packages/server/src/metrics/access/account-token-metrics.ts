import { type Counter, CounterFamily } from '../registry/family.js';
import type { MetricsRegistry } from '../registry/metrics-registry.js';

/** Kinds of uses, the metrics that count them, and their help. */
const metrics = {
  legacy: ['serviceaccount_legacy_tokens_total', 'Uses of service account tokens that name no audience.'],
  stale: ['serviceaccount_stale_tokens_total', 'Uses of service account tokens that should have been renewed.'],
  valid: ['serviceaccount_valid_tokens_total', 'Uses of projected service account tokens in time.'],
  auto: ['serviceaccount_legacy_auto_token_uses_total', 'Uses of service account tokens of generated secrets.'],
  manual: ['serviceaccount_legacy_manual_token_uses_total', 'Uses of service account tokens of secrets that somebody made.'],
  invalidated: ['serviceaccount_invalid_legacy_auto_token_uses_total', 'Uses of service account tokens of secrets marked as invalid.'],
} as const;

/** How the tokens of service accounts are used. */
export class AccountTokenMetrics {
  readonly #counters: Readonly<Record<keyof typeof metrics, Counter>>;

  constructor(registry: MetricsRegistry) {
    const counters = Object.entries(metrics).map(([use, [name, help]]) => [
      use,
      registry.add(new CounterFamily(name, `[ALPHA] ${help}`, [])).child(),
    ]);
    this.#counters = Object.fromEntries(counters) as Record<keyof typeof metrics, Counter>;
  }

  readonly onUse = (use: keyof typeof metrics): void => {
    this.#counters[use].value++;
  };
}

import type { ServiceResolver } from '@keelson/machinery';
import type { BreakerOptions } from './circuit-breaker.js';
import type { WebhookEvents } from './webhook-events.js';

/** What a server gives to the plugins that ask webhooks. */
export interface WebhookHost {
  readonly services: ServiceResolver;
  /** When webhooks that may be ignored are no longer asked; undefined: they always are. */
  readonly breaker: BreakerOptions | undefined;
  /** Whether who writes a configuration is warned of what it may stop. */
  readonly warnOfRisks: boolean;
  readonly events: WebhookEvents;
}

import type { Log } from '@keelson/machinery';
import type { WebhookEvents } from './webhook-events.js';
import type { WebhookIndex } from './webhook-index.js';
import type { RiskWarnings } from './webhook-risks.js';

/** What the plugins that ask webhooks are made of. */
export interface WebhookPluginParts {
  readonly index: WebhookIndex;
  readonly events: WebhookEvents;
  /** Undefined: nobody is warned. */
  readonly risks: RiskWarnings | undefined;
  readonly log: Log;
}

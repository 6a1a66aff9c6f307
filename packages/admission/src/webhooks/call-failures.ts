import { internalError, type Log } from '@keelson/machinery';
import { WebhookCallError, WebhookRejection } from './call-error.js';
import type { Invocation } from './webhook-caller.js';
import type { WebhookEvents, WebhookType } from './webhook-events.js';

/** What it means to a request that a webhook was asked in vain. */
export class CallFailures {
  readonly #type: WebhookType;
  readonly #events: WebhookEvents;
  readonly #log: Log;

  constructor(type: WebhookType, events: WebhookEvents, log: Log) {
    this.#type = type;
    this.#events = events;
    this.#log = log;
  }

  /** What the client is answered; undefined where the request goes on as if there were no such webhook. */
  refusal({ webhook, attributes }: Invocation, error: unknown): unknown {
    if (error instanceof WebhookRejection) return error.answer;
    if (!(error instanceof WebhookCallError)) return error;
    if (!webhook.ignorable) {
      this.#log.warn('failed calling webhook, failing closed', { webhook: webhook.name, reason: error.message });
      return internalError(error);
    }
    // Nobody waits any more, so nobody is let through.
    if (attributes.signal.aborted) return undefined;
    if (error.called) this.#log.warn('failed calling webhook, failing open', { webhook: webhook.name, reason: error.message });
    this.#events.failedOpen(webhook.name, this.#type);
    return undefined;
  }
}

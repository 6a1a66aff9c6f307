import { WebhookCallError, WebhookRejection } from './call-error.js';
import type { Invocation } from './webhook-caller.js';
import type { RejectionError, WebhookEvents, WebhookType } from './webhook-events.js';

/** Does what asks a webhook and counts how that ends. */
export async function countedCall<T>(
  events: WebhookEvents,
  type: WebhookType,
  { webhook, attributes }: Invocation,
  call: () => Promise<T>,
): Promise<T> {
  const { operation, signal } = attributes;
  const startedAtMs = performance.now();
  try {
    const result = await call();
    events.called(webhook.name, type, operation, 200, false, performance.now() - startedAtMs);
    return result;
  } catch (error) {
    const [why, code] = endOf(error);
    const rejected = why !== 'calling_webhook_error' || !webhook.ignorable;
    const gaveUp = why === 'calling_webhook_error' && signal.aborted;
    if (rejected && !gaveUp) events.rejected(webhook.name, type, operation, why, code);
    events.called(webhook.name, type, operation, code, rejected, performance.now() - startedAtMs);
    throw error;
  }
}

function endOf(error: unknown): [RejectionError, code: number] {
  if (error instanceof WebhookCallError) return ['calling_webhook_error', error.code];
  if (error instanceof WebhookRejection) return ['no_error', error.answer.code];
  return ['apiserver_internal_error', 0];
}

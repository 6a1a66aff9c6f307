import { type AdmissionAttributes, type AdmissionPlugin, timeout } from '@keelson/machinery';
import { Reinvocations } from '../reinvocation.js';
import { CallFailures } from './call-failures.js';
import { countedCall } from './counted-call.js';
import { MutationAnnotations } from './mutation-annotations.js';
import { applyReviewPatch } from './review-patch.js';
import { ReviewedObjects } from './reviewed-objects.js';
import type { Webhook } from './webhook.js';
import { type Invocation, WebhookCaller } from './webhook-caller.js';
import type { WebhookEvents } from './webhook-events.js';
import type { IndexedWebhook, WebhookIndex } from './webhook-index.js';
import type { WebhookPluginParts } from './webhook-plugin-parts.js';
import type { RiskWarnings } from './webhook-risks.js';

/** Has webhooks change what is written, one after another. */
export class MutatingWebhooks implements AdmissionPlugin {
  readonly name = 'MutatingAdmissionWebhook';
  readonly #index: WebhookIndex;
  readonly #caller: WebhookCaller;
  readonly #events: WebhookEvents;
  readonly #risks: RiskWarnings | undefined;
  readonly #failures: CallFailures;
  readonly #reinvocations = new Reinvocations<Webhook>();

  constructor({ index, events, risks, log }: WebhookPluginParts) {
    this.#index = index;
    this.#caller = new WebhookCaller(true, log);
    this.#events = events;
    this.#risks = risks;
    this.#failures = new CallFailures('admit', events, log);
  }

  handles(): boolean {
    return true;
  }

  admit(attributes: AdmissionAttributes): Promise<void> | undefined {
    const webhooks = this.#index.concerned(attributes);
    return webhooks.length === 0 ? undefined : this.#ask(attributes, webhooks);
  }

  validate(attributes: AdmissionAttributes): Promise<void> | undefined {
    return this.#risks?.check(attributes);
  }

  async #ask(attributes: AdmissionAttributes, webhooks: readonly IndexedWebhook[]): Promise<void> {
    const reinvocation = this.#reinvocations.of(attributes);
    const objects = new ReviewedObjects(attributes);
    for (const { webhook, position } of webhooks) {
      const version = await webhook.match(attributes, objects);
      if (version === undefined || (attributes.round > 0 && !reinvocation.includes(webhook))) continue;
      const changed = await this.#mutate({ webhook, version, attributes, objects }, position);
      if (changed) {
        reinvocation.changed();
        attributes.reinvoke();
      }
      reinvocation.seen(webhook, webhook);
    }
    reinvocation.leave(attributes.object);
  }

  /** Whether it has changed the object. */
  async #mutate(invocation: Invocation, position: number): Promise<boolean> {
    const annotations = new MutationAnnotations(invocation.attributes, invocation.webhook, position);
    let changed = false;
    try {
      const mutation = await countedCall(this.#events, 'admit', invocation, async () =>
        applyReviewPatch(invocation, await this.#caller.call(invocation)),
      );
      if (mutation !== undefined) annotations.patched(mutation);
      changed = mutation?.changed ?? false;
    } catch (error) {
      this.#fail(invocation, annotations, error);
    } finally {
      annotations.mutated(changed);
    }
    return changed;
  }

  /** Throws what the client is answered, unless the request goes on without the webhook. */
  #fail(invocation: Invocation, annotations: MutationAnnotations, error: unknown): void {
    const refusal = this.#failures.refusal(invocation, error);
    if (refusal !== undefined) throw refusal;
    if (invocation.attributes.signal.aborted) throw timeout('request did not complete within requested timeout');
    annotations.failedOpen();
  }
}

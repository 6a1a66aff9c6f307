import { type AdmissionAttributes, type AdmissionPlugin, timeout } from '@keelson/machinery';
import { CallFailures } from './call-failures.js';
import { countedCall } from './counted-call.js';
import { ReviewedObjects } from './reviewed-objects.js';
import { type Invocation, WebhookCaller } from './webhook-caller.js';
import type { WebhookEvents } from './webhook-events.js';
import type { IndexedWebhook, WebhookIndex } from './webhook-index.js';
import type { WebhookPluginParts } from './webhook-plugin-parts.js';
import type { RiskWarnings } from './webhook-risks.js';

/** Has webhooks judge what is written, all at once. */
export class ValidatingWebhooks implements AdmissionPlugin {
  readonly name = 'ValidatingAdmissionWebhook';
  readonly #index: WebhookIndex;
  readonly #caller: WebhookCaller;
  readonly #events: WebhookEvents;
  readonly #risks: RiskWarnings | undefined;
  readonly #failures: CallFailures;

  constructor({ index, events, risks, log }: WebhookPluginParts) {
    this.#index = index;
    this.#caller = new WebhookCaller(false, log);
    this.#events = events;
    this.#risks = risks;
    this.#failures = new CallFailures('validating', events, log);
  }

  handles(): boolean {
    return true;
  }

  validate(attributes: AdmissionAttributes): Promise<void> | undefined {
    const webhooks = this.#index.concerned(attributes);
    return webhooks.length === 0 ? this.#risks?.check(attributes) : this.#ask(attributes, webhooks);
  }

  async #ask(attributes: AdmissionAttributes, webhooks: readonly IndexedWebhook[]): Promise<void> {
    const invocations = await this.#invocations(attributes, webhooks);
    if (invocations.length === 0) return;
    if (attributes.signal.aborted) throw timeout('request did not complete within requested timeout');
    const refusals: unknown[] = [];
    const ask = async (invocation: Invocation, position: number): Promise<void> => {
      try {
        await countedCall(this.#events, 'validating', invocation, () => this.#caller.call(invocation));
      } catch (error) {
        const refusal = this.#refusal(invocation, position, error);
        if (refusal !== undefined) refusals.push(refusal);
      }
    };
    await Promise.all(invocations.map(ask));
    // The first to come is told.
    if (refusals.length > 0) throw refusals[0];
  }

  async #invocations(attributes: AdmissionAttributes, webhooks: readonly IndexedWebhook[]): Promise<Invocation[]> {
    const objects = new ReviewedObjects(attributes);
    const invocations: Invocation[] = [];
    for (const { webhook } of webhooks) {
      const version = await webhook.match(attributes, objects);
      if (version !== undefined) invocations.push({ webhook, version, attributes, objects });
    }
    return invocations;
  }

  /** Undefined when the request goes on without the webhook. `position`: among those that were asked. */
  #refusal(invocation: Invocation, position: number, error: unknown): unknown {
    const { webhook, attributes } = invocation;
    const refusal = this.#failures.refusal(invocation, error);
    if (refusal === undefined && !attributes.signal.aborted)
      attributes.annotate(`failed-open.validating.webhook.admission.k8s.io/round_0_index_${position}`, webhook.name);
    return refusal;
  }
}

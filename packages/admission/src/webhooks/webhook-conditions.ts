import { admissionEnvironments, MatchConditions, type MatchOutcome, RequestBindings } from '@keelson/cel';
import { type AdmissionAttributes, type Authorizer, forbidden, type ServedVersion } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import type { ReviewedObjects } from './reviewed-objects.js';
import type { WebhookEvents, WebhookType } from './webhook-events.js';

export interface ConditionsHost {
  readonly authorizer: Authorizer;
  readonly events: WebhookEvents;
  readonly type: WebhookType;
}

/** The `matchConditions` of a webhook. */
export class WebhookConditions {
  readonly #conditions: MatchConditions;
  readonly #webhook: string;
  readonly #ignorable: boolean;
  readonly #host: ConditionsHost;

  /** `ignorable`: whether conditions that cannot be evaluated are as good as false. */
  constructor(conditions: readonly admissionregistration.v1.MatchCondition[], webhook: string, ignorable: boolean, host: ConditionsHost) {
    const { forStored } = admissionEnvironments({ params: false, authorizer: true });
    this.#conditions = new MatchConditions(
      conditions.map(({ name, expression }) => ({ name, expression })),
      forStored,
    );
    this.#webhook = webhook;
    this.#ignorable = ignorable;
    this.#host = host;
  }

  /** Whether the webhook is to be asked. Throws 403 when nobody can tell and it may not be ignored. */
  async hold(attributes: AdmissionAttributes, version: ServedVersion, objects: ReviewedObjects): Promise<boolean> {
    const { events, type } = this.#host;
    const startedAtMs = performance.now();
    const outcome = await this.#evaluate(attributes, version, objects);
    const failed = outcome.matches === undefined;
    const excludes = failed ? this.#ignorable : !outcome.matches;
    events.conditionsEvaluated(this.#webhook, type, attributes.operation, { failed, excludes }, performance.now() - startedAtMs);
    if (failed && !excludes) throw forbidden(attributes.resource, attributes.name, outcome.error);
    return !excludes;
  }

  #evaluate(attributes: AdmissionAttributes, version: ServedVersion, objects: ReviewedObjects): Promise<MatchOutcome> {
    const bindings = new RequestBindings(attributes, this.#host.authorizer);
    return this.#conditions.evaluate(bindings.of({ version, object: objects.view(version), oldObject: objects.oldView(version) }));
  }
}

import type { AdmissionAttributes, JsonObject } from '@keelson/machinery';
import { formatJson } from '@keelson/machinery';
import type { Mutation } from './review-patch.js';
import type { Webhook } from './webhook.js';

/** What audit events tell of one call of a mutating webhook. */
export class MutationAnnotations {
  readonly #attributes: AdmissionAttributes;
  readonly #webhook: Webhook;
  readonly #call: string;

  /** `position`: of the webhook among all. */
  constructor(attributes: AdmissionAttributes, webhook: Webhook, position: number) {
    this.#attributes = attributes;
    this.#webhook = webhook;
    this.#call = `round_${attributes.round}_index_${position}`;
  }

  mutated(changed: boolean): void {
    this.#attributes.annotate(`mutation.webhook.admission.k8s.io/${this.#call}`, this.#value({ mutated: changed }));
  }

  /** Shows a part of the body: for events that show bodies. */
  patched({ patch }: Mutation): void {
    const value = this.#value({ patch: patch.map(sorted), patchType: 'JSONPatch' });
    this.#attributes.annotate(`patch.webhook.admission.k8s.io/${this.#call}`, value, 'Request');
  }

  failedOpen(): void {
    this.#attributes.annotate(`failed-open.mutation.webhook.admission.k8s.io/${this.#call}`, this.#webhook.name);
  }

  #value(what: object): string {
    return formatJson({ configuration: this.#webhook.configuration, webhook: this.#webhook.name, ...what });
  }
}

function sorted(operation: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(operation).sort(([a], [b]) => (a < b ? -1 : 1)));
}

import type { AdmissionAttributes, GroupVersionKind, KubeObject, ObjectReceiver } from '@keelson/machinery';
import { RequestKinds } from '../matching/request-kinds.js';
import { Webhook, type WebhookParts, type WebhookSpec } from './webhook.js';

/** A MutatingWebhookConfiguration or a ValidatingWebhookConfiguration. */
export interface WebhookConfiguration extends KubeObject {
  readonly webhooks?: readonly WebhookSpec[];
}

/** A webhook and its place among all of them. */
export interface IndexedWebhook {
  readonly webhook: Webhook;
  readonly position: number;
}

/** Who decides what is admitted must stay within reach: configurations and policies are shown to no webhook. */
const EXEMPT = new Set(
  ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].concat(
    ['Validating', 'Mutating'].flatMap((kind) => [`${kind}AdmissionPolicy`, `${kind}AdmissionPolicyBinding`]),
  ),
);

export function isExempt({ group, kind }: GroupVersionKind): boolean {
  return group === 'admissionregistration.k8s.io' && EXEMPT.has(kind);
}

/** The webhooks of all configurations in their order: by the names of these, and as they stand within. */
export class WebhookIndex implements ObjectReceiver<WebhookConfiguration> {
  readonly #parts: WebhookParts;
  readonly #byConfiguration = new Map<string, readonly Webhook[]>();
  /** Undefined while it is to be made from what was changed. */
  #all: readonly IndexedWebhook[] | undefined = [];
  #concerned = new RequestKinds<readonly IndexedWebhook[]>();

  constructor(parts: WebhookParts) {
    this.#parts = parts;
  }

  set({ metadata: { name = '' }, webhooks = [] }: WebhookConfiguration): void {
    this.#byConfiguration.set(
      name,
      webhooks.map((spec) => new Webhook(spec, name, this.#parts)),
    );
    this.#all = undefined;
  }

  delete({ metadata: { name = '' } }: WebhookConfiguration): void {
    this.#byConfiguration.delete(name);
    this.#all = undefined;
  }

  /** Those whose rules are about such requests; selectors are still to be asked. */
  concerned(attributes: AdmissionAttributes): readonly IndexedWebhook[] {
    const all = this.#all ?? this.#sort();
    if (all.length === 0) return all;
    return this.#concerned.of(attributes, () =>
      isExempt(attributes.kind) ? [] : all.filter(({ webhook }) => webhook.concerns(attributes)),
    );
  }

  #sort(): readonly IndexedWebhook[] {
    const configurations = [...this.#byConfiguration].sort(([a], [b]) => (a < b ? -1 : 1));
    const all = configurations.flatMap(([, webhooks]) => webhooks).map((webhook, position) => ({ webhook, position }));
    this.#all = all;
    this.#concerned = new RequestKinds();
    return all;
  }
}

import type { KubeObject } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';

interface Configuration extends KubeObject {
  readonly webhooks?: readonly admissionregistration.v1beta1.ValidatingWebhook[];
}

/** What v1beta1 takes webhooks to say where v1 takes something else, or asks. The rest is as in v1. */
export function defaultBetaWebhooks({ webhooks }: Configuration): void {
  for (const hook of webhooks ?? []) {
    hook.failurePolicy ??= 'Ignore';
    hook.matchPolicy ??= 'Exact';
    hook.timeoutSeconds ??= 30;
    hook.sideEffects ??= 'Unknown';
    if (!hook.admissionReviewVersions?.length) hook.admissionReviewVersions = ['v1beta1'];
  }
}

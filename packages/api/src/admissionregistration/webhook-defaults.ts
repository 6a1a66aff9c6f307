import type { admissionregistration } from '@keelson/schema';
import { defaultServicePort } from '../webhook/client-config-validation.js';
import { defaultRules } from './match-resources.js';

/** What both kinds of webhooks are taken to say when they do not. */
export function defaultWebhook(hook: admissionregistration.v1.ValidatingWebhook): void {
  hook.failurePolicy ??= 'Fail';
  hook.matchPolicy ??= 'Equivalent';
  hook.namespaceSelector ??= {};
  hook.objectSelector ??= {};
  hook.timeoutSeconds ??= 10;
  defaultRules(hook.rules);
  defaultServicePort(hook.clientConfig);
}

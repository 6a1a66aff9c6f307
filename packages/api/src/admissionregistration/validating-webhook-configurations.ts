import { admissionregistration } from '@keelson/schema';
import { age, defineResource, integer, nameColumn } from '@keelson/server';
import { defaultWebhook } from './webhook-defaults.js';
import { validateWebhooks } from './webhooks-validation.js';

type Configuration = admissionregistration.v1.ValidatingWebhookConfiguration;

export const validatingWebhookConfigurations = defineResource<Configuration>(admissionregistration.v1.ValidatingWebhookConfiguration, {
  names: { plural: 'validatingwebhookconfigurations', categories: ['api-extensions'] },
  scope: 'Cluster',
  storage: { key: 'validatingwebhookconfigurations' },
  unconditionalUpdate: false,
  anyFinalizer: true,
  generationOf: ({ webhooks }) => webhooks,
  defaults: ({ webhooks }) => webhooks?.forEach(defaultWebhook),
  validate: validateWebhooks,
  columns: [nameColumn(), integer('Webhooks', ({ webhooks }) => webhooks?.length ?? 0), age()],
});

import { admissionregistration } from '@keelson/schema';
import { age, defineResource, integer, nameColumn } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { defaultBetaWebhooks } from './beta-webhooks.js';
import { defaultWebhook } from './webhook-defaults.js';
import { validateWebhooks } from './webhooks-validation.js';

type Configuration = admissionregistration.v1.ValidatingWebhookConfiguration;

export const validatingWebhookConfigurations = defineResource<Configuration>(admissionregistration.v1.ValidatingWebhookConfiguration, {
  names: { plural: 'validatingwebhookconfigurations', categories: ['api-extensions'] },
  scope: 'Cluster',
  metadataChecks: { changes: 0 },
  storage: { key: 'validatingwebhookconfigurations' },
  versions: [
    removedVersion(
      admissionregistration.v1beta1.ValidatingWebhookConfiguration,
      { deprecated: '1.16', removed: '1.22', use: admissionregistration.v1.ValidatingWebhookConfiguration },
      { defaults: defaultBetaWebhooks },
    ),
  ],
  unconditionalUpdate: false,
  anyFinalizer: true,
  generationOf: ({ webhooks }) => webhooks,
  defaults: ({ webhooks }) => webhooks?.forEach(defaultWebhook),
  validate: validateWebhooks,
  columns: [nameColumn(), integer('Webhooks', ({ webhooks }) => webhooks?.length ?? 0), age()],
});

import { admissionregistration } from '@keelson/schema';
import { age, defineResource, integer, nameColumn } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { defaultBetaWebhooks } from './beta-webhooks.js';
import { defaultWebhook } from './webhook-defaults.js';
import { validateWebhooks } from './webhooks-validation.js';

type Configuration = admissionregistration.v1.MutatingWebhookConfiguration;

function defaults({ webhooks }: Configuration): void {
  for (const hook of webhooks ?? []) {
    defaultWebhook(hook);
    hook.reinvocationPolicy ??= 'Never';
  }
}

export const mutatingWebhookConfigurations = defineResource<Configuration>(admissionregistration.v1.MutatingWebhookConfiguration, {
  names: { plural: 'mutatingwebhookconfigurations', categories: ['api-extensions'] },
  scope: 'Cluster',
  metadataChecks: { changes: 0 },
  storage: { key: 'mutatingwebhookconfigurations' },
  versions: [
    removedVersion(
      admissionregistration.v1beta1.MutatingWebhookConfiguration,
      { deprecated: '1.16', removed: '1.22', use: admissionregistration.v1.MutatingWebhookConfiguration },
      { defaults: defaultBetaWebhooks },
    ),
  ],
  unconditionalUpdate: false,
  anyFinalizer: true,
  generationOf: ({ webhooks }) => webhooks,
  defaults,
  validate: validateWebhooks,
  columns: [nameColumn(), integer('Webhooks', ({ webhooks }) => webhooks?.length ?? 0), age()],
});

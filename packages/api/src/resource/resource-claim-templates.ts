import { resource } from '@keelson/schema';
import { age, defineResource, nameColumn, type Resource } from '@keelson/server';
import { gatedInClaimSpec } from '../features/gated-fields.js';
import { within } from '../features/gated-path.js';
import { validateAdminAccess } from './admin-access.js';
import { templateFromHub, templateToHub } from './beta-conversion.js';
import { defaultBetaClaimSpec, defaultClaimSpec } from './claim-defaults.js';
import { validateClaimTemplate } from './claims-validation.js';
import { servedVersions } from './served-versions.js';

type Template = resource.v1beta2.ResourceClaimTemplate;

/** `namespaces` say who may have admin access. */
export function createResourceClaimTemplates(namespaces: Resource): Resource {
  return defineResource<Template>(resource.v1beta2.ResourceClaimTemplate, {
    names: { plural: 'resourceclaimtemplates' },
    scope: 'Namespaced',
    storage: { key: 'resourceclaimtemplates' },
    ...servedVersions(
      {
        v1: resource.v1.ResourceClaimTemplate,
        v1beta2: resource.v1beta2.ResourceClaimTemplate,
        v1beta1: resource.v1beta1.ResourceClaimTemplate,
      },
      { toHub: templateToHub, fromHub: templateFromHub, defaults: ({ spec }) => defaultBetaClaimSpec(spec.spec) },
    ),
    deleteReturns: 'object',
    defaults: ({ spec }) => defaultClaimSpec(spec.spec),
    gatedFields: within<Template, resource.v1beta2.ResourceClaimSpec>(({ spec }) => spec.spec, gatedInClaimSpec),
    // What a template says does not change.
    validateAgainstOthers: async ({ spec }, old, { namespace }) =>
      old === undefined ? await validateAdminAccess(namespaces, spec.spec, namespace) : [],
    validate: validateClaimTemplate,
    columns: [nameColumn(), age()],
  });
}

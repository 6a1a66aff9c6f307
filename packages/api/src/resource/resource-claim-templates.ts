import { resource } from '@keelson/schema';
import { age, defineResource, nameColumn, type Resource } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { gatedInClaimSpec } from '../features/gated-fields.js';
import { within } from '../features/gated-path.js';
import { validateAdminAccess } from './admin-access.js';
import { templateFromHub, templateToHub } from './beta-conversion.js';
import { defaultBetaClaimSpec, defaultClaimSpec } from './claim-defaults.js';
import { validateClaimTemplate } from './claims-validation.js';
import { v1beta1Lifecycle, v1beta2Lifecycle } from './deprecation.js';

type Template = resource.v1beta2.ResourceClaimTemplate;
type BetaTemplate = resource.v1beta1.ResourceClaimTemplate;

/** KEP-4381. `namespaces` say who may have admin access. */
export function createResourceClaimTemplates(namespaces: Resource): Resource {
  return defineResource<Template>(resource.v1beta2.ResourceClaimTemplate, {
    names: { plural: 'resourceclaimtemplates' },
    scope: 'Namespaced',
    storage: { key: 'resourceclaimtemplates' },
    deprecationWarning: deprecationText(resource.v1beta2.ResourceClaimTemplate, v1beta2Lifecycle),
    versions: [
      { kind: resource.v1.ResourceClaimTemplate },
      {
        kind: resource.v1beta1.ResourceClaimTemplate,
        toHub: (template) => templateToHub(template as BetaTemplate),
        fromHub: templateFromHub,
        defaults: (template) => defaultBetaClaimSpec((template as BetaTemplate).spec.spec),
        deprecationWarning: deprecationText(resource.v1beta1.ResourceClaimTemplate, v1beta1Lifecycle),
      },
    ],
    deleteReturns: 'object',
    defaults: ({ spec }) => defaultClaimSpec(spec.spec),
    gatedFields: within<Template, resource.v1beta2.ResourceClaimSpec>(({ spec }) => spec.spec, gatedInClaimSpec),
    validateAgainstOthers: ({ spec }, _old, { namespace }) => validateAdminAccess(namespaces, spec.spec, namespace),
    validate: validateClaimTemplate,
    columns: [nameColumn(), age()],
  });
}

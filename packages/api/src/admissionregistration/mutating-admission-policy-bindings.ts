import { admissionregistration } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { validatePolicyBinding } from './bindings-validation.js';
import { defaultMatchResources } from './match-resources.js';
import { paramRefText } from './policy-printing.js';
import { validateMutatingMatchResources } from './rules-validation.js';

type Binding = admissionregistration.v1alpha1.MutatingAdmissionPolicyBinding;

/** KEP-3962. Both versions have one shape. */
export const mutatingAdmissionPolicyBindings = defineResource<Binding>(admissionregistration.v1alpha1.MutatingAdmissionPolicyBinding, {
  names: { plural: 'mutatingadmissionpolicybindings', categories: ['api-extensions'] },
  scope: 'Cluster',
  metadataChecks: { changes: 0 },
  storage: { key: 'mutatingadmissionpolicybindings' },
  deprecationWarning: deprecationText(admissionregistration.v1alpha1.MutatingAdmissionPolicyBinding, {
    deprecated: '1.35',
    removed: '1.38',
  }),
  versions: [
    {
      kind: admissionregistration.v1beta1.MutatingAdmissionPolicyBinding,
      deprecationWarning: deprecationText(admissionregistration.v1beta1.MutatingAdmissionPolicyBinding, {
        deprecated: '1.37',
        removed: '1.40',
      }),
    },
  ],
  unconditionalUpdate: false,
  anyFinalizer: true,
  generationOf: ({ spec }) => spec,
  defaults: ({ spec }) => defaultMatchResources(spec.matchResources),
  validate: ({ spec }) => validatePolicyBinding(spec, validateMutatingMatchResources),
  columns: [
    nameColumn(),
    col('PolicyName', ({ spec }) => spec.policyName ?? ''),
    col('ParamRef', ({ spec }) => paramRefText(spec.paramRef)),
    age(),
  ],
});

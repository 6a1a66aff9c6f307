import { admissionregistration } from '@keelson/schema';
import { age, col, defineResource, integer, nameColumn, status } from '@keelson/server';
import { defaultMatchResources } from './match-resources.js';
import { paramKindText } from './policy-printing.js';
import { validateValidatingPolicy } from './validating-admission-policies-validation.js';
import { validateValidatingPolicyStatus } from './validating-policy-status-validation.js';

type Policy = admissionregistration.v1.ValidatingAdmissionPolicy;

/** KEP-3488. */
export const validatingAdmissionPolicies = defineResource<Policy>(admissionregistration.v1.ValidatingAdmissionPolicy, {
  names: { plural: 'validatingadmissionpolicies', categories: ['api-extensions'] },
  scope: 'Cluster',
  metadataChecks: { changes: 0 },
  storage: { key: 'validatingadmissionpolicies' },
  unconditionalUpdate: false,
  anyFinalizer: true,
  resetFields: ['status'],
  subresources: { status: status<Policy>({ keeps: ['metadata', 'spec'], validate: validateValidatingPolicyStatus }) },
  generationOf: ({ spec }) => spec,
  defaults({ spec }) {
    spec.failurePolicy ??= 'Fail';
    defaultMatchResources(spec.matchConstraints);
  },
  validate: validateValidatingPolicy,
  columns: [
    nameColumn(),
    integer('Validations', ({ spec }) => spec.validations?.length ?? 0),
    col('ParamKind', ({ spec }) => paramKindText(spec.paramKind)),
    age(),
  ],
});

import { type FieldError, type FieldPath, path, required } from '@keelson/machinery';
import { admissionregistration } from '@keelson/schema';
import { age, col, defineResource, integer, nameColumn } from '@keelson/server';
import { validateEnumerated } from '../validation/enumerated.js';
import { defaultMatchResources } from './match-resources.js';
import { paramKindText } from './policy-printing.js';
import { validateExpression, validatePolicySpec } from './policy-validation.js';

type Policy = admissionregistration.v1alpha1.MutatingAdmissionPolicy;
type Mutation = admissionregistration.v1alpha1.Mutation;

/** By the type of a mutation: where its expression is. */
const patchFields = { ApplyConfiguration: 'applyConfiguration', JSONPatch: 'jsonPatch' } as const;

function validateMutation(mutation: Mutation, at: FieldPath): FieldError[] {
  const errors = validateEnumerated(mutation.patchType, at.child('patchType'), Object.keys(patchFields));
  if (errors.length > 0) return errors;
  const field = patchFields[mutation.patchType as keyof typeof patchFields];
  const patch = mutation[field];
  if (patch === undefined) return [required(at.child(field), `must be specified when patchType is ${mutation.patchType}`)];
  return validateExpression(patch.expression ?? '', at.child(field, 'expression'));
}

function validate({ spec }: Policy): FieldError[] {
  const at = path('spec');
  const mutations = spec.mutations ?? [];
  return [
    ...validatePolicySpec(spec),
    ...(mutations.length === 0 ? [required(at.child('mutations'), 'mutations must contain at least one item')] : []),
    ...mutations.flatMap((mutation, i) => validateMutation(mutation, at.child('mutations').index(i))),
    ...validateEnumerated(spec.reinvocationPolicy, at.child('reinvocationPolicy'), ['IfNeeded', 'Never']),
  ];
}

/** KEP-3962. Both versions have one shape. */
export const mutatingAdmissionPolicies = defineResource<Policy>(admissionregistration.v1alpha1.MutatingAdmissionPolicy, {
  names: { plural: 'mutatingadmissionpolicies', categories: ['api-extensions'] },
  scope: 'Cluster',
  storage: { key: 'mutatingadmissionpolicies' },
  deprecationWarning: 'admissionregistration.k8s.io/v1alpha1 MutatingAdmissionPolicy is deprecated in v1.35+, unavailable in v1.38+',
  versions: [
    {
      kind: admissionregistration.v1beta1.MutatingAdmissionPolicy,
      deprecationWarning: 'admissionregistration.k8s.io/v1beta1 MutatingAdmissionPolicy is deprecated in v1.37+, unavailable in v1.40+',
    },
  ],
  unconditionalUpdate: false,
  anyFinalizer: true,
  generationOf: ({ spec }) => spec,
  defaults({ spec }) {
    spec.failurePolicy ??= 'Fail';
    defaultMatchResources(spec.matchConstraints);
  },
  validate,
  columns: [
    nameColumn(),
    integer('Mutations', ({ spec }) => spec.mutations?.length ?? 0),
    col('ParamKind', ({ spec }) => paramKindText(spec.paramKind)),
    age(),
  ],
});

import { APPLY_CONFIGURATION, type CelType, JSON_PATCH } from '@keelson/cel';
import { type FieldError, type FieldPath, invalidField, path, required } from '@keelson/machinery';
import { admissionregistration } from '@keelson/schema';
import { age, col, defineResource, integer, nameColumn } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { validateEnumerated } from '../validation/enumerated.js';
import type { ExpressionValidation } from './expression-validation.js';
import { defaultMatchResources } from './match-resources.js';
import { PolicyExpressions } from './policy-expressions.js';
import { paramKindText } from './policy-printing.js';
import { validatePolicySpec } from './policy-validation.js';
import { validateMutatingMatchResources } from './rules-validation.js';

type Policy = admissionregistration.v1alpha1.MutatingAdmissionPolicy;
type Mutation = admissionregistration.v1alpha1.Mutation;

/** By the type of a mutation: where its expression is, what that must give, and where that of the other type would be. */
const patches = {
  ApplyConfiguration: { field: 'applyConfiguration', result: APPLY_CONFIGURATION, other: 'jsonPatch' },
  JSONPatch: { field: 'jsonPatch', result: JSON_PATCH, other: 'applyConfiguration' },
} as const;

function validatePatch(expression: string, at: FieldPath, expressions: ExpressionValidation, result: CelType): FieldError[] {
  return expression.trim() === '' ? [required(at)] : expressions.validate(expression, at, result);
}

function validateMutation(mutation: Mutation, at: FieldPath, expressions: ExpressionValidation): FieldError[] {
  const errors = validateEnumerated(mutation.patchType, at.child('patchType'), Object.keys(patches));
  if (errors.length > 0) return errors;
  const { field, result, other } = patches[mutation.patchType as keyof typeof patches];
  const patch = mutation[field];
  const when = `when patchType is ${mutation.patchType}`;
  return [
    ...(patch === undefined
      ? [required(at.child(field), `must be specified ${when}`)]
      : validatePatch(patch.expression ?? '', at.child(field, 'expression'), expressions, result)),
    ...(mutation[other] === undefined ? [] : [invalidField(at.child(other), `{${other}}`, `must not be specified ${when}`)]),
  ];
}

function expressionsOf({ applyConfiguration, jsonPatch }: Mutation): (string | undefined)[] {
  return [applyConfiguration?.expression, jsonPatch?.expression];
}

function validate({ spec }: Policy, old: Policy | undefined): FieldError[] {
  const at = path('spec');
  const mutations = spec.mutations ?? [];
  const expressions = new PolicyExpressions(spec, old?.spec);
  const errors = validatePolicySpec(spec, old?.spec, expressions, validateMutatingMatchResources);
  const patching = expressions.of((old?.spec.mutations ?? []).flatMap(expressionsOf), { authorizer: true, patches: true });
  return [
    ...errors,
    ...(mutations.length === 0 ? [required(at.child('mutations'), 'mutations must contain at least one item')] : []),
    ...mutations.flatMap((mutation, i) => validateMutation(mutation, at.child('mutations').index(i), patching)),
    ...validateEnumerated(spec.reinvocationPolicy, at.child('reinvocationPolicy'), ['IfNeeded', 'Never']),
  ];
}

/** KEP-3962. Both versions have one shape. */
export const mutatingAdmissionPolicies = defineResource<Policy>(admissionregistration.v1alpha1.MutatingAdmissionPolicy, {
  names: { plural: 'mutatingadmissionpolicies', categories: ['api-extensions'] },
  scope: 'Cluster',
  metadataChecks: { changes: 0 },
  storage: { key: 'mutatingadmissionpolicies' },
  deprecationWarning: deprecationText(admissionregistration.v1alpha1.MutatingAdmissionPolicy, { deprecated: '1.35', removed: '1.38' }),
  versions: [
    {
      kind: admissionregistration.v1beta1.MutatingAdmissionPolicy,
      deprecationWarning: deprecationText(admissionregistration.v1beta1.MutatingAdmissionPolicy, { deprecated: '1.37', removed: '1.40' }),
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

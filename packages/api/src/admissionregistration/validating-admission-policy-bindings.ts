import { duplicate, type FieldError, invalidField, notSupported, path, required } from '@keelson/machinery';
import { admissionregistration } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { validatePolicyBinding } from './bindings-validation.js';
import { defaultMatchResources } from './match-resources.js';
import { paramRefText } from './policy-printing.js';
import { validateMatchResources } from './rules-validation.js';

type Binding = admissionregistration.v1.ValidatingAdmissionPolicyBinding;

const actions = ['Audit', 'Deny', 'Warn'];

function validateActions(given: readonly string[]): FieldError[] {
  const at = path('spec', 'validationActions');
  if (given.length === 0) return [required(at, 'at least one validation action is required')];
  const errors = given.flatMap((action, i) => {
    if (!actions.includes(action)) return [notSupported(at.index(i), action, actions)];
    return given.indexOf(action) < i ? [duplicate(at.index(i), action)] : [];
  });
  if (!given.includes('Deny') || !given.includes('Warn')) return errors;
  const twice =
    'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';
  return [...errors, invalidField(at, given, twice)];
}

export const validatingAdmissionPolicyBindings = defineResource<Binding>(admissionregistration.v1.ValidatingAdmissionPolicyBinding, {
  names: { plural: 'validatingadmissionpolicybindings', categories: ['api-extensions'] },
  scope: 'Cluster',
  metadataChecks: { changes: 0 },
  storage: { key: 'validatingadmissionpolicybindings' },
  unconditionalUpdate: false,
  anyFinalizer: true,
  generationOf: ({ spec }) => spec,
  defaults: ({ spec }) => defaultMatchResources(spec.matchResources),
  validate: ({ spec }) => [...validatePolicyBinding(spec, validateMatchResources), ...validateActions(spec.validationActions ?? [])],
  columns: [
    nameColumn(),
    col('PolicyName', ({ spec }) => spec.policyName ?? ''),
    col('ParamRef', ({ spec }) => paramRefText(spec.paramRef)),
    age(),
  ],
});

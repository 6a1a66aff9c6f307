import {
  type FieldError,
  type FieldPath,
  forbiddenField,
  path,
  pathSegmentName,
  required,
  validateObjectSelector,
} from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import { validateEnumerated } from '../validation/enumerated.js';
import { validateForm } from '../validation/names.js';
import { validatePolicyName } from './policy-validation.js';
import type { validateMatchResources } from './rules-validation.js';

/** What bindings of both kinds of policies have in common. */
interface BindingSpec {
  readonly policyName?: string;
  readonly paramRef?: admissionregistration.v1.ParamRef;
  readonly matchResources?: admissionregistration.v1.MatchResources;
}

const exclusive = 'name and selector are mutually exclusive';

function validateParamRef(ref: admissionregistration.v1.ParamRef, at: FieldPath): FieldError[] {
  const { name = '', selector, parameterNotFoundAction } = ref;
  const both = name !== '' && selector !== undefined;
  const refuse = (field: string) => (both ? [forbiddenField(at.child(field), exclusive)] : []);
  return [
    ...(name === '' ? [] : validateForm(name, at.child('name'), pathSegmentName)),
    ...refuse('name'),
    ...validateObjectSelector(selector, at.child('selector')),
    ...refuse('selector'),
    ...(name === '' && selector === undefined ? [required(at, 'one of name or selector must be specified')] : []),
    ...validateEnumerated(parameterNotFoundAction, at.child('parameterNotFoundAction'), ['Deny', 'Allow']),
  ];
}

export function validatePolicyBinding(
  { policyName, paramRef, matchResources }: BindingSpec,
  validateRules: typeof validateMatchResources,
): FieldError[] {
  const at = path('spec');
  return [
    ...validatePolicyName(policyName, at.child('policyName')),
    ...(paramRef === undefined ? [] : validateParamRef(paramRef, at.child('paramRef'))),
    ...(matchResources === undefined ? [] : validateRules(matchResources, at.child('matchResources'))),
  ];
}

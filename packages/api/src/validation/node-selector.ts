import {
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  labelValue,
  qualifiedName,
  required,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateEach } from './each.js';
import { validateForm } from './names.js';

type Requirement = core.v1.NodeSelectorRequirement;

const invalidOperator = 'not a valid selector operator';

function validateOperator({ operator, values = [] }: Requirement, at: FieldPath): FieldError[] {
  const valuesPath = at.child('values');
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0 ? [] : [required(valuesPath, "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      if (values.length === 0) return [];
      return [forbiddenField(valuesPath, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    case 'Gt':
    case 'Lt':
      return values.length === 1 ? [] : [required(valuesPath, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalidField(at.child('operator'), operator, invalidOperator)];
  }
}

function validateExpression(requirement: Requirement, at: FieldPath, anyValue: boolean): FieldError[] {
  return [
    ...validateOperator(requirement, at),
    ...validateForm(requirement.key, at.child('key'), qualifiedName),
    ...(anyValue ? [] : validateEach(requirement.values, at.child('values'), (value, here) => validateForm(value, here, labelValue))),
  ];
}

/** The only field of nodes that can be selected by is their name. */
function validateField({ key, operator, values = [] }: Requirement, at: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const valuesPath = at.child('values');
  if (operator !== 'In' && operator !== 'NotIn') errors.push(invalidField(at.child('operator'), operator, invalidOperator));
  else if (values.length !== 1) {
    errors.push(required(valuesPath, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"));
  }
  if (key !== 'metadata.name') return [...errors, invalidField(at.child('key'), key, 'not a valid field selector key')];
  return [...errors, ...validateEach(values, valuesPath, (value, here) => validateForm(value, here, dns1123Subdomain))];
}

/** Requirements of labels and fields that a node meets all of. With `anyValue` these may be what no label can have. */
export function validateNodeSelectorTerm(
  { matchExpressions, matchFields }: core.v1.NodeSelectorTerm,
  at: FieldPath,
  { anyValue = false } = {},
): FieldError[] {
  return [
    ...validateEach(matchExpressions, at.child('matchExpressions'), (requirement, here) => validateExpression(requirement, here, anyValue)),
    ...validateEach(matchFields, at.child('matchFields'), validateField),
  ];
}

/** What chooses nodes: any of its terms. */
export function validateNodeSelector({ nodeSelectorTerms }: core.v1.NodeSelector, at: FieldPath, { anyValue = false } = {}): FieldError[] {
  const termsPath = at.child('nodeSelectorTerms');
  if (!nodeSelectorTerms?.length) return [required(termsPath, 'must have at least one node selector term')];
  return validateEach(nodeSelectorTerms, termsPath, (term, here) => validateNodeSelectorTerm(term, here, { anyValue }));
}

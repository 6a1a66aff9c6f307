import {
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  qualifiedName,
  required,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateForm } from './names.js';

type Requirement = core.v1.NodeSelectorRequirement;

const invalidOperator = 'not a valid selector operator';

function validateExpression({ key, operator, values = [] }: Requirement, at: FieldPath): FieldError[] {
  const valuesPath = at.child('values');
  const keyErrors = validateForm(key, at.child('key'), qualifiedName);
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0 ? keyErrors : [required(valuesPath, "must be specified when `operator` is 'In' or 'NotIn'"), ...keyErrors];
    case 'Exists':
    case 'DoesNotExist':
      if (values.length === 0) return keyErrors;
      return [forbiddenField(valuesPath, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"), ...keyErrors];
    case 'Gt':
    case 'Lt':
      if (values.length === 1) return keyErrors;
      return [required(valuesPath, "must be specified single value when `operator` is 'Lt' or 'Gt'"), ...keyErrors];
    default:
      return [invalidField(at.child('operator'), operator, invalidOperator), ...keyErrors];
  }
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
  return [...errors, ...values.flatMap((value, i) => validateForm(value, valuesPath.index(i), dns1123Subdomain))];
}

/** What chooses nodes: any of its terms, of each term all requirements. */
export function validateNodeSelector({ nodeSelectorTerms }: core.v1.NodeSelector, at: FieldPath): FieldError[] {
  const termsPath = at.child('nodeSelectorTerms');
  if (!nodeSelectorTerms?.length) return [required(termsPath, 'must have at least one node selector term')];
  return nodeSelectorTerms.flatMap(({ matchExpressions = [], matchFields = [] }, i) => {
    const here = termsPath.index(i);
    return [
      ...matchExpressions.flatMap((requirement, j) => validateExpression(requirement, here.child('matchExpressions').index(j))),
      ...matchFields.flatMap((requirement, j) => validateField(requirement, here.child('matchFields').index(j))),
    ];
  });
}

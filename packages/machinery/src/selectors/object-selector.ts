import { badRequest } from '../errors/api-error.js';
import { type FieldError, forbiddenField, invalidField, required } from '../field/field-error.js';
import type { FieldPath } from '../field/path.js';
import { labelValue, qualifiedName } from '../meta/name-forms.js';
import { quote } from '../quote.js';
import { validateLabels } from '../validation/labels.js';
import { newRequirement } from './check-requirement.js';
import { LabelSelector } from './label-selector.js';
import type { Operator } from './requirement.js';

/** The form selectors have inside objects: `spec.selector`, `namespaceSelector`, … */
export interface ObjectLabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

export interface LabelSelectorRequirement {
  readonly key?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}

const operators: ReadonlyMap<string, Operator> = new Map([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
]);

/** Compiles a selector of an object. An absent one matches nothing, an empty one everything. Throws 400 when it is wrong. */
export function compileObjectSelector(selector: ObjectLabelSelector | undefined | null): LabelSelector {
  if (selector === undefined || selector === null) return LabelSelector.nothing;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const equalities = Object.entries(matchLabels).map(([key, value]) => newRequirement(key, '=', [value]));
  const expressions = matchExpressions.map(({ key = '', operator = '', values = [] }) => {
    const known = operators.get(operator);
    if (known === undefined) throw badRequest(`${quote(operator)} is not a valid label selector operator`);
    return newRequirement(key, known, values);
  });
  const requirements = [...equalities, ...expressions];
  return requirements.length === 0 ? LabelSelector.everything : new LabelSelector(requirements);
}

/** `tolerateInvalidValues`: stored selectors may hold values that older releases let pass. */
export function validateObjectSelector(
  selector: ObjectLabelSelector | undefined | null,
  path: FieldPath,
  { tolerateInvalidValues = false } = {},
): FieldError[] {
  if (selector === undefined || selector === null) return [];
  const expressionsPath = path.child('matchExpressions');
  return [
    ...validateLabels(selector.matchLabels, path.child('matchLabels')),
    ...(selector.matchExpressions ?? []).flatMap((expression, i) =>
      validateRequirement(expression, expressionsPath.index(i), tolerateInvalidValues),
    ),
  ];
}

function validateRequirement(requirement: LabelSelectorRequirement, path: FieldPath, tolerateInvalidValues: boolean): FieldError[] {
  const { key = '', values = [] } = requirement;
  const errors = validateOperator(requirement, path);
  for (const detail of qualifiedName(key)) errors.push(invalidField(path.child('key'), key, detail));
  if (tolerateInvalidValues) return errors;
  values.forEach((value, i) => {
    for (const detail of labelValue(value)) errors.push(invalidField(path.child('values').index(i), value, detail));
  });
  return errors;
}

function validateOperator({ operator = '', values = [] }: LabelSelectorRequirement, path: FieldPath): FieldError[] {
  const known = operators.get(operator);
  if (known === undefined) return [invalidField(path.child('operator'), operator, 'not a valid selector operator')];
  const takesValues = known === 'in' || known === 'notin';
  if (takesValues && values.length === 0) {
    return [required(path.child('values'), "must be specified when `operator` is 'In' or 'NotIn'")];
  }
  if (!takesValues && values.length > 0) {
    return [forbiddenField(path.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
  }
  return [];
}

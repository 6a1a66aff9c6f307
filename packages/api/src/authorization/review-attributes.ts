import {
  ApiError,
  type AuthorizationAttributes,
  aggregate,
  badRequest,
  compileObjectSelector,
  type FieldRequirement,
  fieldSelectorAttribute,
  labelSelectorAttribute,
  quote,
  type Requirement,
  type SelectorAttribute,
  type UserInfo,
} from '@keelson/machinery';
import type { authorization } from '@keelson/schema';

type ResourceAttributes = authorization.v1.ResourceAttributes;
type FieldSelector = authorization.v1.FieldSelectorAttributes;
type LabelSelector = authorization.v1.LabelSelectorAttributes;

/** What a review asks about. */
export interface ReviewedAccess {
  readonly resourceAttributes?: ResourceAttributes;
  readonly nonResourceAttributes?: authorization.v1.NonResourceAttributes;
}

/** Reads requirements one by one and goes on without those that cannot be read. Throws `ApiError` for such a one. */
function understood<T, R>(given: readonly T[], read: (one: T) => readonly R[]): SelectorAttribute<R> {
  const requirements: R[] = [];
  const errors: string[] = [];
  for (const one of given) {
    try {
      requirements.push(...read(one));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      errors.push(error.message);
    }
  }
  return { requirements, ...(errors.length > 0 && { error: aggregate(errors) }) };
}

/** Field selectors can say no more than that a field has a value, or has it not. */
function fieldRequirement({ key, operator, values = [] }: NonNullable<FieldSelector['requirements']>[number]): FieldRequirement[] {
  if (values.length > 1) throw badRequest('fieldSelectors do not yet support multiple values');
  const [value] = values;
  switch (operator) {
    case 'In':
      if (value === undefined) throw badRequest('fieldSelectors in must have one value');
      return [{ field: key, operator: '=', value }];
    case 'NotIn':
      if (value === undefined) throw badRequest('fieldSelectors not in must have one value');
      return [{ field: key, operator: '!=', value }];
    case 'Exists':
    case 'DoesNotExist':
      throw badRequest(`fieldSelectors do not yet support ${operator}`);
    default:
      throw badRequest(`${quote(operator)} is not a valid field selector operator`);
  }
}

function fieldsOf({ rawSelector = '', requirements = [] }: FieldSelector): SelectorAttribute<FieldRequirement> {
  return requirements.length === 0 ? fieldSelectorAttribute(rawSelector) : understood(requirements, fieldRequirement);
}

function labelsOf({ rawSelector = '', requirements = [] }: LabelSelector): SelectorAttribute<Requirement> {
  if (requirements.length === 0) return labelSelectorAttribute(rawSelector);
  return understood(requirements, (requirement) => compileObjectSelector({ matchExpressions: [requirement] }).requirements);
}

function resourceAccess(attributes: ResourceAttributes): Omit<AuthorizationAttributes, 'user'> {
  const { fieldSelector, labelSelector } = attributes;
  return {
    verb: attributes.verb ?? '',
    resourceRequest: true,
    apiGroup: attributes.group ?? '',
    // Who names no version means any.
    apiVersion: attributes.version || '*',
    resource: attributes.resource ?? '',
    subresource: attributes.subresource ?? '',
    namespace: attributes.namespace ?? '',
    name: attributes.name ?? '',
    path: '',
    ...(fieldSelector && { fieldSelector: fieldsOf(fieldSelector) }),
    ...(labelSelector && { labelSelector: labelsOf(labelSelector) }),
  };
}

const noResource = { resourceRequest: false, apiGroup: '', apiVersion: '', resource: '', subresource: '', namespace: '', name: '' };

/** A review's question as the authorizer is asked it. */
export function reviewAttributes(user: UserInfo, { resourceAttributes, nonResourceAttributes }: ReviewedAccess): AuthorizationAttributes {
  if (resourceAttributes !== undefined) return { user, ...resourceAccess(resourceAttributes) };
  return { user, ...noResource, verb: nonResourceAttributes?.verb ?? '', path: nonResourceAttributes?.path ?? '' };
}

import { ApiError, type AuthorizationAttributes, compileObjectSelector, type UserInfo } from '@keelson/machinery';
import type { authorization } from '@keelson/schema';

type ResourceAttributes = authorization.v1.ResourceAttributes;
type FieldSelector = authorization.v1.FieldSelectorAttributes;
type LabelRequirement = NonNullable<authorization.v1.LabelSelectorAttributes['requirements']>[number];
type LabelSelector = authorization.v1.LabelSelectorAttributes;

/** What a review asks about. */
export interface ReviewedAccess {
  readonly resourceAttributes?: ResourceAttributes;
  readonly nonResourceAttributes?: authorization.v1.NonResourceAttributes;
}

/** Field selectors can say no more than that a field has a value, or has it not; the rest does not narrow the access. */
function fieldSelectorText({ rawSelector = '', requirements = [] }: FieldSelector): string {
  const terms = requirements.flatMap(({ key, operator, values = [] }) => {
    if (values.length !== 1) return [];
    if (operator === 'In') return [`${key}=${values[0]}`];
    return operator === 'NotIn' ? [`${key}!=${values[0]}`] : [];
  });
  return rawSelector || terms.join(',');
}

/** One requirement as text; nothing where it cannot be read, for what is left out only widens what is asked about. */
function labelTerm(requirement: LabelRequirement): string[] {
  try {
    return [compileObjectSelector({ matchExpressions: [requirement] }).toString()];
  } catch (error) {
    if (error instanceof ApiError) return [];
    throw error;
  }
}

function labelSelectorText({ rawSelector = '', requirements = [] }: LabelSelector): string {
  return rawSelector || requirements.flatMap(labelTerm).join(',');
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
    ...(fieldSelector && { fieldSelector: fieldSelectorText(fieldSelector) }),
    ...(labelSelector && { labelSelector: labelSelectorText(labelSelector) }),
  };
}

const noResource = { resourceRequest: false, apiGroup: '', apiVersion: '', resource: '', subresource: '', namespace: '', name: '' };

/** A review's question as the authorizer is asked it. */
export function reviewAttributes(user: UserInfo, { resourceAttributes, nonResourceAttributes }: ReviewedAccess): AuthorizationAttributes {
  if (resourceAttributes !== undefined) return { user, ...resourceAccess(resourceAttributes) };
  return { user, ...noResource, verb: nonResourceAttributes?.verb ?? '', path: nonResourceAttributes?.path ?? '' };
}

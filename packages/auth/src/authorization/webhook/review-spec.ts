import type { AuthorizationAttributes, FieldRequirement, Requirement, SelectorAttribute } from '@keelson/machinery';
import type { authorization } from '@keelson/schema';

type Spec = authorization.v1.SubjectAccessReviewSpec;

/** A request as others are asked about it. Of selectors that is what is understood: the rest only widens the question. */
export function reviewSpec(attributes: AuthorizationAttributes): Spec {
  const { name, uid, groups, extra } = attributes.user;
  const who = {
    ...(name && { user: name }),
    ...(groups.length > 0 && { groups: [...groups] }),
    ...(extra && { extra: extra as Record<string, string[]> }),
    ...(uid && { uid }),
  };
  if (!attributes.resourceRequest) return { nonResourceAttributes: present({ path: attributes.path, verb: attributes.verb }), ...who };
  return { resourceAttributes: resourceAttributes(attributes), ...who };
}

function resourceAttributes(attributes: AuthorizationAttributes): authorization.v1.ResourceAttributes {
  const { namespace, verb, apiGroup, apiVersion, resource, subresource, name, fieldSelector, labelSelector } = attributes;
  return {
    ...present({ namespace, verb, group: apiGroup, version: apiVersion, resource, subresource, name }),
    ...selected('fieldSelector', fieldSelector, fieldRequirement),
    ...selected('labelSelector', labelSelector, labelRequirement),
  };
}

/** Without what is empty. */
function present<T extends Record<string, string>>(texts: T): Partial<T> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')) as Partial<T>;
}

interface ReviewRequirement {
  key: string;
  operator: string;
  values?: string[];
}

function selected<R>(
  name: string,
  selector: SelectorAttribute<R> | undefined,
  shown: (requirement: R) => ReviewRequirement[],
): Record<string, { requirements: ReviewRequirement[] }> {
  const requirements = selector?.requirements.flatMap(shown) ?? [];
  return requirements.length === 0 ? {} : { [name]: { requirements } };
}

function fieldRequirement({ field, operator, value }: FieldRequirement): ReviewRequirement[] {
  return [{ key: field, operator: operator === '=' ? 'In' : 'NotIn', values: [value] }];
}

const OPERATORS: Readonly<Partial<Record<Requirement['operator'], string>>> = {
  '=': 'In',
  '==': 'In',
  in: 'In',
  '!=': 'NotIn',
  notin: 'NotIn',
  exists: 'Exists',
  '!': 'DoesNotExist',
};

/** Comparisons cannot be said there. */
function labelRequirement({ key, operator, values }: Requirement): ReviewRequirement[] {
  const shown = OPERATORS[operator];
  return shown === undefined ? [] : [{ key, operator: shown, ...(values.length > 0 && { values: [...values] }) }];
}

import {
  duplicate,
  type FieldError,
  type FieldPath,
  invalidField,
  notSupported,
  pathSegmentName,
  required,
  validateObjectSelector,
} from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import { validateEnumerated, validateOptionalEnumerated } from '../validation/enumerated.js';
import { validateForm } from '../validation/names.js';

type Rule = admissionregistration.v1.RuleWithOperations;
type NamedRule = admissionregistration.v1.NamedRuleWithOperations;

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
/** Nothing is left to change of what is deleted. */
const mutatingOperations = operations.filter((operation) => operation !== 'DELETE');
const scopes = ['*', 'Cluster', 'Namespaced'];
export const failurePolicies: readonly string[] = ['Fail', 'Ignore'];
export const matchPolicies: readonly string[] = ['Equivalent', 'Exact'];
const any = '*';

/** At least one, and nothing beside a `*`, which means all. */
export function validateWildcardList(list: readonly string[], at: FieldPath, noun: string): FieldError[] {
  if (list.length === 0) return [required(at)];
  return list.length > 1 && list.includes(any) ? [invalidField(at, list, `if '*' is present, must not specify other ${noun}`)] : [];
}

/** `pods`, `pods/log`, `pods/*`, `*` and their like: none may be said by another already. */
function validateResources(resources: readonly string[], at: FieldPath): FieldError[] {
  if (resources.length === 0) return [required(at)];
  const errors = resources.flatMap((resource, i) => validateResource(resource, resources.slice(0, i), at.index(i)));
  if (resources.length > 1 && resources.includes('*/*')) {
    errors.push(invalidField(at, resources, "if '*/*' is present, must not specify other resources"));
  }
  // Kubernetes looks at the last one alone.
  const lastPlain = resources.filter((resource) => resource !== '' && !resource.includes('/')).at(-1) ?? any;
  if (lastPlain !== any && resources.includes(any)) {
    errors.push(invalidField(at, resources, "if '*' is present, must not specify other resources without subresources"));
  }
  return errors;
}

function validateResource(resource: string, before: readonly string[], at: FieldPath): FieldError[] {
  if (resource === '') return [required(at)];
  const slash = resource.indexOf('/');
  if (slash < 0) return [];
  const covering = [`${resource.slice(0, slash)}/*`, `*/${resource.slice(slash + 1)}`];
  return covering
    .filter((pattern) => before.includes(pattern))
    .map((pattern) => invalidField(at, resource, `if '${pattern}' is present, must not specify ${resource}`));
}

/** Groups and versions that a rule is about. */
export function validateApiLists({ apiGroups = [], apiVersions = [] }: Rule, at: FieldPath): FieldError[] {
  const versionsPath = at.child('apiVersions');
  return [
    ...validateWildcardList(apiGroups, at.child('apiGroups'), 'API groups'),
    ...validateWildcardList(apiVersions, versionsPath, 'API versions'),
    ...apiVersions.flatMap((version, i) => (version === '' ? [required(versionsPath.index(i))] : [])),
  ];
}

export function validateRule(rule: Rule, at: FieldPath): FieldError[] {
  const { resources = [], scope } = rule;
  return [
    ...validateWildcardList(rule.operations ?? [], at.child('operations'), 'operations'),
    ...(rule.operations ?? []).flatMap((operation, i) =>
      operations.includes(operation) ? [] : [notSupported(at.child('operations').index(i), operation, operations)],
    ),
    ...validateApiLists(rule, at),
    ...validateResources(resources, at.child('resources')),
    ...validateOptionalEnumerated(scope, at.child('scope'), scopes),
  ];
}

function validateNamedRule(rule: NamedRule, at: FieldPath): FieldError[] {
  const names = rule.resourceNames ?? [];
  return [
    ...names.flatMap((name, i) => [
      ...validateForm(name, at.child('resourceNames').index(i), pathSegmentName),
      ...(names.indexOf(name) < i ? [duplicate(at.child('resourceNames').index(i), name)] : []),
    ]),
    ...validateRule(rule, at),
  ];
}

export function validateMatchResources(match: admissionregistration.v1.MatchResources, at: FieldPath): FieldError[] {
  const rules = (field: 'resourceRules' | 'excludeResourceRules') =>
    (match[field] ?? []).flatMap((rule, i) => validateNamedRule(rule, at.child(field).index(i)));
  return [
    ...(match.matchPolicy === undefined
      ? [required(at.child('matchPolicy'))]
      : validateOptionalEnumerated(match.matchPolicy, at.child('matchPolicy'), matchPolicies)),
    ...validateSelector(match.namespaceSelector, at.child('namespaceSelector')),
    ...validateSelector(match.objectSelector, at.child('objectSelector')),
    ...rules('resourceRules'),
    ...rules('excludeResourceRules'),
  ];
}

/** What a policy that mutates, or a binding of one, looks at. */
export function validateMutatingMatchResources(match: admissionregistration.v1.MatchResources, at: FieldPath): FieldError[] {
  const given = (match.resourceRules ?? []).flatMap((rule) => rule.operations ?? []);
  return [
    ...validateMatchResources(match, at),
    ...given
      .filter((operation) => !mutatingOperations.includes(operation))
      .map((operation) => notSupported(at.child('resourceRules', 'operations'), operation, mutatingOperations)),
  ];
}

function validateSelector(selector: admissionregistration.v1.MatchResources['objectSelector'], at: FieldPath): FieldError[] {
  return selector === undefined ? [required(at)] : validateObjectSelector(selector, at);
}

/** Absent and empty are told apart: defaults fill in what is absent. */
export function validateFailurePolicy(policy: string | undefined, at: FieldPath): FieldError[] {
  return policy === undefined ? validateEnumerated(policy, at, failurePolicies) : validateOptionalEnumerated(policy, at, failurePolicies);
}

import { type FieldError, type FieldPath, invalidField, path, required } from '@keelson/machinery';
import type { rbac } from '@keelson/schema';

type PolicyRule = rbac.v1.PolicyRule;

function validateUrlRule(rule: PolicyRule, at: FieldPath, namespaced: boolean): FieldError[] {
  const urls = at.child('nonResourceURLs');
  const { nonResourceURLs, apiGroups, resources, resourceNames } = rule;
  const mixed = [apiGroups, resources, resourceNames].some((list) => list?.length);
  return [
    ...(namespaced ? [invalidField(urls, nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs')] : []),
    ...(mixed ? [invalidField(urls, nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs')] : []),
  ];
}

function validateRule(rule: PolicyRule, at: FieldPath, namespaced: boolean): FieldError[] {
  const { verbs, apiGroups, resources, nonResourceURLs } = rule;
  const errors = verbs?.length ? [] : [required(at.child('verbs'), 'verbs must contain at least one value')];
  if (nonResourceURLs?.length) return [...errors, ...validateUrlRule(rule, at, namespaced)];
  if (!apiGroups?.length) errors.push(required(at.child('apiGroups'), 'resource rules must supply at least one api group'));
  if (!resources?.length) errors.push(required(at.child('resources'), 'resource rules must supply at least one resource'));
  return errors;
}

/** Rules of a role. Only those of cluster roles may speak of URLs. */
export function validateRules(rules: readonly PolicyRule[] | null, namespaced: boolean): FieldError[] {
  return (rules ?? []).flatMap((rule, i) => validateRule(rule, path('rules').index(i), namespaced));
}

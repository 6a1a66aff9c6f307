import type { admissionregistration } from '@keelson/schema';
import type { NamespaceLabels } from '../matching/namespace-labels.js';
import { RequestMatcher } from '../matching/request-matcher.js';

/** Tells which requests a policy or a binding is about. Without rules it is about all that the selectors leave. */
export function policyMatcher(resources: admissionregistration.v1.MatchResources, namespaces: NamespaceLabels): RequestMatcher {
  const { resourceRules = [], excludeResourceRules = [], matchPolicy, namespaceSelector, objectSelector } = resources;
  const rules = resourceRules.length === 0 ? undefined : resourceRules;
  return new RequestMatcher({ rules, excludeRules: excludeResourceRules, matchPolicy, namespaceSelector, objectSelector }, namespaces);
}

/** Whether rules look at the names of objects, so that requests of a kind are not all alike to them. */
export function looksAtNames({ resourceRules = [], excludeResourceRules = [] }: admissionregistration.v1.MatchResources): boolean {
  return [...resourceRules, ...excludeResourceRules].some(({ resourceNames = [] }) => resourceNames.length > 0);
}

import type { admissionregistration } from '@keelson/schema';

type MatchResources = admissionregistration.v1.MatchResources;
type Rule = admissionregistration.v1.Rule;

/** Rules that say nothing else mean objects in namespaces and those outside alike. */
export function defaultRules(rules: readonly Rule[] | undefined): void {
  for (const rule of rules ?? []) rule.scope ??= '*';
}

/** What a policy, or a binding of one, looks at. */
export function defaultMatchResources(resources: MatchResources | undefined): void {
  if (resources === undefined) return;
  resources.matchPolicy ??= 'Equivalent';
  resources.namespaceSelector ??= {};
  resources.objectSelector ??= {};
  defaultRules(resources.resourceRules);
  defaultRules(resources.excludeResourceRules);
}

import type { Features } from '@keelson/machinery';
import type { rbac } from '@keelson/schema';

type PolicyRule = rbac.v1.PolicyRule;

/** A rule that is there only while its features are on. */
interface NotedRule extends PolicyRule {
  readonly features?: readonly string[];
}

/** Rules of roles by the roles' names. */
export type RoleTable = Readonly<Record<string, readonly NotedRule[]>>;

export const READ = 'get list watch';
export const CHANGE = 'create delete deletecollection patch update';
export const READ_AND_CHANGE = 'create delete deletecollection get list patch update watch';

/** A rule on resources. Each argument lists words between spaces; `core` is the group without a name. */
export function allow(verbs: string, resources: string, groups = 'core', resourceNames = ''): PolicyRule {
  return {
    verbs: words(verbs),
    apiGroups: words(groups).map((group) => (group === 'core' ? '' : group)),
    resources: words(resources),
    ...(resourceNames !== '' && { resourceNames: words(resourceNames) }),
  };
}

/** A rule on paths that are no resources'. */
export function allowUrls(verbs: string, urls: string): PolicyRule {
  return { verbs: words(verbs), nonResourceURLs: words(urls) };
}

/** Events are written in either of their groups. */
export const RECORD_EVENTS = allow('create patch update', 'events', 'core events.k8s.io');

/** Rules that belong to features, which are words between spaces. */
export function during(features: string, ...rules: readonly PolicyRule[]): NotedRule[] {
  return rules.map((rule) => ({ ...rule, features: words(features) }));
}

/** Those of the rules that a server with the features has. */
export function granted(rules: readonly NotedRule[], on: Features): PolicyRule[] {
  return rules.flatMap(({ features = [], ...rule }) => (features.every((feature) => on.get(feature)) ? [rule] : []));
}

function words(text: string): string[] {
  return text.split(' ');
}

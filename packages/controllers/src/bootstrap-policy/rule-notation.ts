import type { rbac } from '@keelson/schema';

type PolicyRule = rbac.v1.PolicyRule;

/** Rules of roles by the roles' names. */
export type RoleTable = Readonly<Record<string, readonly PolicyRule[]>>;

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

function words(text: string): string[] {
  return text.split(' ');
}

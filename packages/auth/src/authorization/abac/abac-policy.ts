import type { AuthorizationAttributes } from '@keelson/machinery';

/** One line of a policy file: somebody may do something. What a text leaves open is '' and matches only ''. */
export interface AbacPolicy {
  /** '': whoever is in the group. */
  readonly user: string;
  readonly group: string;
  readonly readonly: boolean;
  readonly apiGroup: string;
  readonly namespace: string;
  readonly resource: string;
  readonly nonResourcePath: string;
}

const ANY = '*';
const READ_VERBS = new Set(['get', 'list', 'watch']);

/** Whether a policy that is about the user allows what they ask for. */
export function policyAllows(policy: AbacPolicy, request: AuthorizationAttributes): boolean {
  if (policy.readonly && !READ_VERBS.has(request.verb)) return false;
  return request.resourceRequest ? coversResource(policy, request) : coversPath(policy.nonResourcePath, request.path);
}

function coversResource(policy: AbacPolicy, { namespace, resource, apiGroup }: AuthorizationAttributes): boolean {
  return covers(policy.namespace, namespace) && covers(policy.resource, resource) && covers(policy.apiGroup, apiGroup);
}

export function covers(pattern: string, text: string): boolean {
  return pattern === ANY || pattern === text;
}

function coversPath(pattern: string, path: string): boolean {
  return covers(pattern, path) || (pattern.endsWith(ANY) && path.startsWith(pattern.replace(/\*+$/, '')));
}

import type { AuthorizationAttributes, AuthorizationDecision, Authorizer, UserInfo } from '@keelson/machinery';
import type { PolicyRule } from '../rbac/policy-rule.js';
import type { HeldRules } from '../rbac/rbac-authorizer.js';
import { type AbacPolicy, covers, policyAllows } from './abac-policy.js';

const allow: AuthorizationDecision = { decision: 'allow' };
const noOpinion: AuthorizationDecision = { decision: 'noOpinion', reason: 'No policy matched.' };

/** `--authorization-mode=ABAC`: allows what a line of the policy file allows. */
export class AbacAuthorizer implements Authorizer {
  readonly #policies: readonly AbacPolicy[];
  /** Those that name a user, by user. */
  readonly #ofUser = new Map<string, AbacPolicy[]>();
  /** Those that name a group only, by group. */
  readonly #ofGroup = new Map<string, AbacPolicy[]>();

  constructor(policies: readonly AbacPolicy[]) {
    this.#policies = policies;
    for (const policy of policies) {
      if (policy.user !== '') append(this.#ofUser, policy.user, policy);
      else if (policy.group !== '') append(this.#ofGroup, policy.group, policy);
    }
  }

  authorize(request: AuthorizationAttributes): AuthorizationDecision {
    const { user } = request;
    const own = this.#ofUser.get(user.name)?.some((policy) => isAbout(policy, user) && policyAllows(policy, request));
    if (own || user.groups.some((group) => this.#ofGroup.get(group)?.some((policy) => policyAllows(policy, request)))) return allow;
    return noOpinion;
  }

  /** What a user may do in a namespace. */
  rulesFor(user: UserInfo, namespace: string): HeldRules {
    const held = this.#policies.filter((policy) => isAbout(policy, user) && covers(policy.namespace, namespace));
    return { rules: held.flatMap(rulesOf), errors: [] };
  }
}

function isAbout({ user, group }: AbacPolicy, { name, groups }: UserInfo): boolean {
  if (user === '' && group === '') return false;
  return (user === '' || user === name) && (group === '' || groups.includes(group));
}

function rulesOf({ readonly, apiGroup, resource, nonResourcePath }: AbacPolicy): PolicyRule[] {
  const verbs = readonly ? ['get', 'list', 'watch'] : ['*'];
  return [
    ...(resource === '' ? [] : [{ verbs, apiGroups: [apiGroup], resources: [resource] }]),
    ...(nonResourcePath === '' ? [] : [{ verbs, nonResourceURLs: [nonResourcePath] }]),
  ];
}

function append(lists: Map<string, AbacPolicy[]>, key: string, policy: AbacPolicy): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [policy]);
  else list.push(policy);
}

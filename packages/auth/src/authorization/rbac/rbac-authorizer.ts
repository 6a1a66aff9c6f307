import {
  type AuthorizationAttributes,
  type AuthorizationDecision,
  type Authorizer,
  aggregate,
  quote,
  type UserInfo,
} from '@keelson/machinery';
import type { Binding, Policy, RoleRef } from './policy.js';
import type { PolicyRule } from './policy-rule.js';

const NO_OPINION: AuthorizationDecision = { decision: 'noOpinion' };

/** What a user holds: `errors` tell of roles that bindings name and that are not there. */
export interface HeldRules {
  readonly rules: readonly PolicyRule[];
  readonly errors: readonly string[];
}

/** `--authorization-mode=RBAC`: allows what a role allows that is bound to the user or to a group of theirs. */
export class RbacAuthorizer implements Authorizer {
  readonly #policy: Policy;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  authorize(request: AuthorizationAttributes): AuthorizationDecision {
    let missing: Set<string> | undefined;
    const grant = this.#policy.find(request.user, request.namespace, (each) => {
      const role = this.#policy.granted(each);
      if (role !== undefined) return role.allows(request);
      missing ??= new Set();
      missing.add(notFoundText(each.binding.roleRef));
      return false;
    });
    if (grant !== undefined) return grant;
    return missing === undefined ? NO_OPINION : { decision: 'noOpinion', reason: `RBAC: ${aggregate(missing)}` };
  }

  /** Rules a user holds in a namespace, or in all ('', by cluster role bindings alone). */
  async heldBy(user: UserInfo, namespace: string): Promise<HeldRules> {
    const rules: PolicyRule[] = [];
    const missing = new Set<string>();
    // One binding may name the user and groups of theirs.
    const seen = new Set<Binding>();
    this.#policy.find(user, namespace, (each) => {
      if (seen.has(each.binding)) return false;
      seen.add(each.binding);
      const role = this.#policy.granted(each);
      if (role === undefined) missing.add(notFoundText(each.binding.roleRef));
      else rules.push(...role.rules);
      return false;
    });
    return { rules, errors: [...missing] };
  }

  /** Rules of a role; undefined when there is none. */
  async ofRole(role: RoleRef, namespace: string): Promise<readonly PolicyRule[] | undefined> {
    return this.#policy.role(role, namespace)?.rules;
  }
}

function notFoundText({ kind, name }: RoleRef): string {
  return `${kind.toLowerCase()}.rbac.authorization.k8s.io ${quote(name)} not found`;
}

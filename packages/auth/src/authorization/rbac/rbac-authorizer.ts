import {
  type AuthorizationAttributes,
  type AuthorizationDecision,
  type Authorizer,
  aggregate,
  quote,
  type UserInfo,
} from '@keelson/machinery';
import type { Binding, Grant, Policy, RoleRef, Subject } from './policy.js';
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
    const missing = new Set<string>();
    const grant = this.#policy.find(request.user, request.namespace, (each) => {
      const rules = this.#policy.granted(each);
      if (rules === undefined) missing.add(notFoundText(each.binding.roleRef));
      return rules?.some((rule) => rule.allows(request)) === true;
    });
    if (grant !== undefined) return { decision: 'allow', reason: `RBAC: allowed by ${grantText(grant)}` };
    return missing.size === 0 ? NO_OPINION : { decision: 'noOpinion', reason: `RBAC: ${aggregate(missing)}` };
  }

  /** Rules a user holds in a namespace, or in all ('', by cluster role bindings alone). */
  async heldBy(user: UserInfo, namespace: string): Promise<HeldRules> {
    const rules: PolicyRule[] = [];
    const missing = new Set<string>();
    this.#policy.find(user, namespace, (each) => {
      const granted = this.#policy.granted(each);
      if (granted === undefined) missing.add(notFoundText(each.binding.roleRef));
      else rules.push(...granted.map(({ rule }) => rule));
      return false;
    });
    return { rules, errors: [...missing] };
  }

  /** Rules of a role; undefined when there is none. */
  async ofRole(role: RoleRef, namespace: string): Promise<readonly PolicyRule[] | undefined> {
    return this.#policy.rulesOf(role, namespace)?.map(({ rule }) => rule);
  }
}

function notFoundText({ kind, name }: RoleRef): string {
  return `${kind.toLowerCase()}.rbac.authorization.k8s.io ${quote(name)} not found`;
}

/** `RoleBinding "readers/default" of Role "reader" to User "alice"` */
function grantText({ binding, subject }: Grant): string {
  const { metadata, roleRef } = binding;
  const { name = '', namespace = '' } = metadata;
  const kind = namespace === '' ? `ClusterRoleBinding ${quote(name)}` : `RoleBinding ${quote(`${name}/${namespace}`)}`;
  return `${kind} of ${roleRef.kind} ${quote(roleRef.name)} to ${subjectText(subject, binding)}`;
}

function subjectText({ kind, name, namespace }: Subject, { metadata }: Binding): string {
  return `${kind} ${quote(kind === 'ServiceAccount' ? `${name}/${namespace || metadata.namespace}` : name)}`;
}

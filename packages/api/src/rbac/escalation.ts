import { type Authorizer, forbidden, notFound, quoteList, semanticallyEqual, type UserInfo } from '@keelson/machinery';
import type { rbac } from '@keelson/schema';
import type { WriteContext } from '@keelson/server';
import type { Binding } from './binding.js';
import { compact, missingRules, type PolicyRule, ruleText } from './policy-rules.js';

const group = 'rbac.authorization.k8s.io';
/** Who may grant anything. */
const privilegedGroup = 'system:masters';

/** What an aggregating role may come to grant: everything. */
const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

/** What roles and bindings grant as they are now. */
export interface GrantedRules {
  /** Rules a user holds in a namespace, or in all ('', by cluster roles alone); errors say which could not be found out. */
  heldBy(user: UserInfo, namespace: string): Promise<{ readonly rules: readonly PolicyRule[]; readonly errors: readonly string[] }>;
  /** Rules of a role; undefined when there is none. */
  ofRole(role: rbac.v1.RoleRef, namespace: string): Promise<readonly PolicyRule[] | undefined>;
}

interface Grant {
  /** Resource of what is written: `roles`, `rolebindings`, … */
  readonly resource: string;
  readonly name: string;
  readonly context: WriteContext;
}

/**
 * Nobody may give, to themselves or others, more rights than they have: only who holds the rules of a role may write or
 * bind it, or who is allowed to `escalate` or `bind`.
 */
export class EscalationGuard {
  readonly #granted: GrantedRules;
  readonly #authorizer: Authorizer;

  constructor(granted: GrantedRules, authorizer: Authorizer) {
    this.#granted = granted;
    this.#authorizer = authorizer;
  }

  async checkRole(role: rbac.v1.Role, old: rbac.v1.Role | undefined, context: WriteContext): Promise<void> {
    if (old !== undefined && semanticallyEqual(role.rules, old.rules)) return;
    const grant = grantOf('roles', role, context);
    if (await this.#mayEscalate(grant, old)) return;
    await this.#requireRules(grant, role.rules ?? []);
  }

  async checkClusterRole(role: rbac.v1.ClusterRole, old: rbac.v1.ClusterRole | undefined, context: WriteContext): Promise<void> {
    const sameAggregation = semanticallyEqual(role.aggregationRule ?? null, old?.aggregationRule ?? null);
    if (old !== undefined && sameAggregation && semanticallyEqual(role.rules, old.rules)) return;
    const grant = grantOf('clusterroles', role, context);
    if (await this.#mayEscalate(grant, old)) return;
    await this.#requireRules(grant, role.rules ?? []);
    if (role.aggregationRule === undefined || (old !== undefined && sameAggregation)) return;
    if ((await this.#missing(grant, everything)).rules.length === 0) return;
    throw forbidden({ group, resource: grant.resource }, grant.name, 'must have cluster-admin privileges to use the aggregationRule');
  }

  async checkBinding(resource: string, binding: Binding, old: Binding | undefined, context: WriteContext): Promise<void> {
    const { roleRef, subjects } = binding;
    const unchanged = old !== undefined && semanticallyEqual(roleRef, old.roleRef) && semanticallyEqual(subjects ?? [], old.subjects ?? []);
    if (unchanged) return;
    const grant = grantOf(resource, binding, context);
    const roles = roleRef.kind === 'Role' ? 'roles' : 'clusterroles';
    if (await this.#mayDoAnything(context, 'bind', roles, roleRef.name)) return;
    const rules = await this.#granted.ofRole(roleRef, context.namespace);
    if (rules === undefined) throw notFound({ group, resource }, roleRef.name);
    await this.#requireRules(grant, rules);
  }

  #mayEscalate({ resource, name, context }: Grant, old: unknown): Promise<boolean> {
    return this.#mayDoAnything(context, 'escalate', resource, old === undefined ? '' : name);
  }

  async #mayDoAnything({ user, namespace }: WriteContext, verb: string, resource: string, name: string): Promise<boolean> {
    if (user.groups.includes(privilegedGroup)) return true;
    const request = { user, verb, namespace, apiGroup: group, apiVersion: '*', resource, subresource: '', name };
    const { decision } = await this.#authorizer.authorize({ ...request, path: '', resourceRequest: true });
    return decision === 'allow';
  }

  async #missing({ context }: Grant, wanted: readonly PolicyRule[]): Promise<{ rules: PolicyRule[]; errors: readonly string[] }> {
    const { rules, errors } = await this.#granted.heldBy(context.user, context.namespace);
    return { rules: missingRules(rules, wanted), errors };
  }

  async #requireRules(grant: Grant, wanted: readonly PolicyRule[]): Promise<void> {
    const { rules, errors } = await this.#missing(grant, wanted);
    if (rules.length === 0) return;
    const { name, groups } = grant.context.user;
    const texts = [...new Set(compact(rules).map(ruleText))].sort();
    const who = `user ${quoteList([name]).slice(1, -1)} (groups=${quoteList(groups)})`;
    const unresolved = errors.length > 0 ? `; resolution errors: [${errors.join(' ')}]` : '';
    const why = `${who} is attempting to grant RBAC permissions not currently held:\n${texts.join('\n')}${unresolved}`;
    throw forbidden({ group, resource: grant.resource }, grant.name, why);
  }
}

function grantOf(resource: string, { metadata }: { readonly metadata: { name?: string } }, context: WriteContext): Grant {
  return { resource, name: metadata.name ?? '', context };
}

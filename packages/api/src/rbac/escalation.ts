import {
  type Authorizer,
  badRequest,
  forbidden,
  type KubeObject,
  notFound,
  quoteList,
  semanticallyEqual,
  type UserInfo,
} from '@keelson/machinery';
import type { rbac } from '@keelson/schema';
import type { WriteContext } from '@keelson/server';
import type { Binding } from './binding.js';
import { compact, missingRules, openRules, type PolicyRule, permissionsIn, ruleText } from './policy-rules.js';

const group = 'rbac.authorization.k8s.io';
/** Who may grant anything. */
const privilegedGroup = 'system:masters';

/** Rules are of lists whose products are large: more permissions than these are not looked at one by one. */
const MAX_PERMISSIONS = 10_000;

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
    const grant = grantOf('roles', role, context);
    if (changesNothingGranted(role, old) || (await this.#mayEscalate(grant))) return;
    await this.#requireRules(grant, role.rules ?? []);
  }

  async checkClusterRole(role: rbac.v1.ClusterRole, old: rbac.v1.ClusterRole | undefined, context: WriteContext): Promise<void> {
    const grant = grantOf('clusterroles', role, context);
    if (changesNothingGranted(role, old) || (await this.#mayEscalate(grant))) return;
    await this.#requireRules(grant, role.rules ?? []);
    if (!aggregates(role) && !aggregates(old)) return;
    const { rules } = await this.#granted.heldBy(context.user, context.namespace);
    if (openRules(rules, everything).length === 0) return;
    throw forbidden({ group, resource: grant.resource }, grant.name, 'must have cluster-admin privileges to use the aggregationRule');
  }

  async checkBinding(resource: string, binding: Binding, old: Binding | undefined, context: WriteContext): Promise<void> {
    if (changesNothingGranted(binding, old)) return;
    const { roleRef } = binding;
    const grant = grantOf(resource, binding, context);
    const roles = roleRef.kind === 'Role' ? 'roles' : 'clusterroles';
    if (await this.#mayDoAnything(context, 'bind', roles, roleRef.name)) return;
    // Validation refuses it, but who may not bind the role is told of it sooner.
    if (roles === 'roles' && context.namespace === '') throw badRequest('Namespace parameter required.');
    const rules = await this.#granted.ofRole(roleRef, context.namespace);
    if (rules === undefined) throw notFound({ group, resource }, roleRef.name);
    await this.#requireRules(grant, rules);
  }

  #mayEscalate({ resource, context }: Grant): Promise<boolean> {
    return this.#mayDoAnything(context, 'escalate', resource, context.name);
  }

  async #mayDoAnything({ user, namespace }: WriteContext, verb: string, resource: string, name: string): Promise<boolean> {
    if (user.groups.includes(privilegedGroup)) return true;
    const request = { user, verb, namespace, apiGroup: group, apiVersion: '*', resource, subresource: '', name };
    const { decision } = await this.#authorizer.authorize({ ...request, path: '', resourceRequest: true });
    return decision === 'allow';
  }

  async #requireRules({ resource, name, context }: Grant, wanted: readonly PolicyRule[]): Promise<void> {
    const { user, namespace } = context;
    const { rules: held, errors } = await this.#granted.heldBy(user, namespace);
    const missing = missingTexts(held, wanted);
    if (missing.length === 0) return;
    const who = `user ${quoteList([user.name]).slice(1, -1)} (groups=${quoteList(user.groups)})`;
    const unresolved = errors.length > 0 ? `; resolution errors: [${errors.join(' ')}]` : '';
    const why = `${who} is attempting to grant RBAC permissions not currently held:\n${missing.join('\n')}${unresolved}`;
    throw forbidden({ group, resource }, name, why);
  }
}

function missingTexts(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): string[] {
  const open = openRules(held, wanted);
  const count = open.reduce((sum, rule) => sum + permissionsIn(rule), 0);
  if (count > MAX_PERMISSIONS)
    return [`${count} permissions that no rule held covers together, where at most ${MAX_PERMISSIONS} are compared`];
  return [...new Set(compact(missingRules(held, open)).map(ruleText))].sort();
}

/** Whoever may write an object may see to its end; labels may make a role part of others. */
function changesNothingGranted(object: KubeObject, old: KubeObject | undefined): boolean {
  if (old === undefined) return false;
  const { ownerReferences, finalizers, managedFields } = old.metadata;
  return semanticallyEqual({ ...object, metadata: { ...object.metadata, ownerReferences, finalizers, managedFields } }, old);
}

function aggregates(role: rbac.v1.ClusterRole | undefined): boolean {
  return (role?.aggregationRule?.clusterRoleSelectors ?? []).length > 0;
}

function grantOf(resource: string, { metadata }: { readonly metadata: { name?: string } }, context: WriteContext): Grant {
  return { resource, name: metadata.name ?? '', context };
}

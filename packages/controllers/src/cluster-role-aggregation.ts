import { compileObjectSelector, hasReason, type KubeObject, semanticallyEqual } from '@keelson/machinery';
import type { rbac } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import type { ControllerAccess } from './controller-access.js';
import { ObjectLoop } from './object-loop.js';

type ClusterRole = rbac.v1.ClusterRole;
type PolicyRule = rbac.v1.PolicyRule;

const CLUSTER_ROLES = { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles' };
const MANAGER = 'clusterrole-aggregation-controller';
/** Any role may be part of any other, so all are looked at together. */
const ALL = ['all'];

/**
 * Gives cluster roles with an aggregationRule the rules of those that their selectors choose. A role that contains
 * aggregated ones is right after as many rounds as they are deep.
 */
export class ClusterRoleAggregation {
  readonly #client: LoopbackClient;
  readonly #loop: ObjectLoop;

  constructor({ objects, client, onFailure, queues }: ControllerAccess) {
    this.#client = client;
    const roles = objects.reader<ClusterRole>(CLUSTER_ROLES);
    this.#loop = new ObjectLoop({
      objects,
      onFailure,
      instruments: queues?.of('ClusterRoleAggregator'),
      sources: [{ resource: CLUSTER_ROLES, keysOf: () => ALL }],
      work: async () => this.#aggregate(await roles.list('')),
    });
  }

  /** Resolves when all roles have been looked at. */
  start(): Promise<void> {
    return this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #aggregate(roles: ClusterRole[]): Promise<void> {
    roles.sort(byName);
    for (const { metadata, aggregationRule, rules } of roles) {
      if (aggregationRule === undefined) continue;
      const { name = '', uid = '' } = metadata;
      const wanted = aggregatedRules(name, aggregationRule, roles);
      if (!semanticallyEqual(wanted, rules ?? [])) await this.#apply({ name, uid }, wanted);
    }
  }

  /** A role that is no longer there is not made again: its uid is told. */
  async #apply(metadata: { readonly name: string; readonly uid: string }, rules: PolicyRule[]): Promise<void> {
    try {
      await this.#client.apply(CLUSTER_ROLES, MANAGER, { metadata, ...(rules.length > 0 && { rules }) } as KubeObject);
    } catch (error) {
      if (!hasReason(error, 'Conflict')) throw error;
    }
  }
}

/** Each rule once, by selector and then by the name of the role it is from. */
function aggregatedRules(
  name: string,
  { clusterRoleSelectors = [] }: rbac.v1.AggregationRule,
  roles: readonly ClusterRole[],
): PolicyRule[] {
  const rules = new Map<string, PolicyRule>();
  for (const selector of clusterRoleSelectors.map(compileObjectSelector)) {
    for (const role of roles) {
      if (role.metadata.name === name || !selector.matches(role.metadata.labels)) continue;
      for (const rule of role.rules ?? []) if (!rules.has(keyOf(rule))) rules.set(keyOf(rule), rule);
    }
  }
  return [...rules.values()];
}

function keyOf({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  return JSON.stringify([verbs, apiGroups, resources, resourceNames, nonResourceURLs].map((texts) => texts ?? []));
}

function byName(a: ClusterRole, b: ClusterRole): number {
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}

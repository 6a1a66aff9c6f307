import { ApiError, compileObjectSelector, type GroupVersionResource, type KubeObject, semanticallyEqual } from '@keelson/machinery';
import type { rbac } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import { RepeatedTask } from './repeated-task.js';

type ClusterRole = rbac.v1.ClusterRole;
type PolicyRule = rbac.v1.PolicyRule;

const CLUSTER_ROLES: GroupVersionResource = { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles' };
const MANAGER = 'clusterrole-aggregation-controller';
/** Changes come together, as when a manifest is applied. */
const SETTLE_MS = 20;
/** What somebody else has written to an aggregated role is undone at once; this is for what went unseen. */
const CHECK_MS = 60_000;

/**
 * Gives cluster roles with an aggregationRule the rules of those that its selectors choose, as kube-controller-manager
 * does in a whole cluster. A role that contains aggregated ones is right after as many rounds as they are deep.
 */
export class ClusterRoleAggregation {
  readonly #client: LoopbackClient;
  readonly #roles = new Map<string, ClusterRole>();
  readonly #mirror: { start(): Promise<void>; stop(): void };
  readonly #rounds: RepeatedTask;

  constructor(client: LoopbackClient, onFailure: (error: unknown) => void) {
    this.#client = client;
    this.#rounds = new RepeatedTask(() => this.#round(), CHECK_MS, onFailure);
    this.#mirror = client.mirror<ClusterRole>(
      CLUSTER_ROLES,
      {
        set: (role) => this.#changed(() => this.#roles.set(role.metadata.name ?? '', role)),
        delete: ({ metadata }) => this.#changed(() => this.#roles.delete(metadata.name ?? '')),
      },
      onFailure,
    );
  }

  /** Resolves after the first round. */
  async start(): Promise<void> {
    await this.#mirror.start();
    await this.#rounds.start();
  }

  async stop(): Promise<void> {
    this.#mirror.stop();
    await this.#rounds.stop();
  }

  #changed(change: () => void): void {
    change();
    this.#rounds.nextWithin(SETTLE_MS);
  }

  async #round(): Promise<void> {
    for (const { metadata, aggregationRule, rules } of [...this.#roles.values()]) {
      if (aggregationRule === undefined) continue;
      const { name = '', uid = '' } = metadata;
      const wanted = aggregatedRules(name, aggregationRule, [...this.#roles.values()]);
      if (!semanticallyEqual(wanted, rules ?? [])) await this.#apply({ name, uid }, wanted);
    }
  }

  /** A role that is no longer there is not made again: its uid is told. */
  async #apply(metadata: { readonly name: string; readonly uid: string }, rules: PolicyRule[]): Promise<void> {
    try {
      await this.#client.apply(CLUSTER_ROLES, MANAGER, { metadata, ...(rules.length > 0 && { rules }) } as KubeObject);
    } catch (error) {
      if (!(error instanceof ApiError && error.reason === 'Conflict')) throw error;
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
  const others = roles.filter(({ metadata }) => metadata.name !== name).sort(byName);
  for (const selector of clusterRoleSelectors.map(compileObjectSelector)) {
    for (const role of others) {
      if (!selector.matches(role.metadata.labels)) continue;
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

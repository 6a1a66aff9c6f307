import type { Features, KubeObject } from '@keelson/machinery';
import type { Log, LoopbackClient } from '@keelson/server';
import { bootstrapPolicy } from './bootstrap-policy/bootstrap-policy.js';
import { clusterRoleBindingKind, clusterRoleKind, roleBindingKind, roleKind } from './bootstrap-policy/policy-kinds.js';
import { type PolicyKind, PolicyReconciler } from './bootstrap-policy/policy-reconciler.js';
import { upgradePolicy } from './bootstrap-policy/upgrade.js';
import { RepeatedTask } from './repeated-task.js';

/**
 * Sees to it at the start that the roles and bindings of every cluster are there and say no less than they should. What
 * an administrator changes while the server runs stays until the next start.
 */
export class BootstrapRoles {
  readonly #client: LoopbackClient;
  readonly #features: Features;
  readonly #reconciler: PolicyReconciler;
  readonly #task: RepeatedTask;

  constructor(client: LoopbackClient, features: Features, log: Log, onFailure: (error: unknown) => void) {
    this.#features = features;
    this.#client = client;
    this.#reconciler = new PolicyReconciler(client, log);
    this.#task = new RepeatedTask(() => this.#reconcileAll(), Number.POSITIVE_INFINITY, onFailure);
  }

  /** Resolves when all of them are there. */
  start(): Promise<void> {
    return this.#task.start();
  }

  stop(): Promise<void> {
    return this.#task.stop();
  }

  /** One object that cannot be had keeps no other one from being made. */
  async #reconcileAll(): Promise<void> {
    await upgradePolicy(this.#client);
    const policy = bootstrapPolicy(this.#features);
    const outcomes = await Promise.allSettled([
      ...this.#reconcileEach(clusterRoleKind, policy.clusterRoles),
      ...this.#reconcileEach(clusterRoleBindingKind, policy.clusterRoleBindings),
      ...this.#reconcileEach(roleKind, policy.roles),
      ...this.#reconcileEach(roleBindingKind, policy.roleBindings),
    ]);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    if (reasons.length > 0) throw new AggregateError(reasons, [...new Set(reasons.map(String))].join('; '));
  }

  #reconcileEach<T extends KubeObject>(kind: PolicyKind<T>, objects: readonly T[]): Promise<void>[] {
    return objects.map((wanted) => this.#reconciler.reconcile(kind, wanted));
  }
}

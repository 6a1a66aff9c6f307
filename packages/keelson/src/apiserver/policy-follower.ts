import type { Binding, Policy, Role } from '@keelson/auth';
import type { KubeObject } from '@keelson/machinery';
import type { LoopbackClient, MirrorReceiver, ObjectMirror } from '@keelson/server';

const version = { group: 'rbac.authorization.k8s.io', version: 'v1' };

/** Keeps a policy as the stored roles and bindings have it. */
export class PolicyFollower {
  readonly #mirrors: readonly ObjectMirror<KubeObject>[];

  constructor(policy: Policy, loopback: LoopbackClient, onFailure: (error: unknown) => void) {
    const roles: MirrorReceiver<KubeObject> = {
      set: (role) => policy.setRole(role as Role),
      delete: (role) => policy.deleteRole(role),
    };
    const bindings: MirrorReceiver<KubeObject> = {
      set: (binding) => policy.setBinding(binding as KubeObject & Binding),
      delete: (binding) => policy.deleteBinding(binding),
    };
    const receivers = { clusterroles: roles, roles, clusterrolebindings: bindings, rolebindings: bindings };
    this.#mirrors = Object.entries(receivers).map(([resource, receiver]) => loopback.mirror({ ...version, resource }, receiver, onFailure));
  }

  /** Resolves when the policy is as stored. */
  async start(): Promise<void> {
    await Promise.all(this.#mirrors.map((mirror) => mirror.start()));
  }

  stop(): void {
    for (const mirror of this.#mirrors) mirror.stop();
  }
}

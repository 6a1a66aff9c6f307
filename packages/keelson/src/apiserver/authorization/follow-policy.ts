import type { Binding, Policy, Role } from '@keelson/auth';
import type { KubeObject, ObjectAccess, ObjectReceiver } from '@keelson/machinery';

const version = { group: 'rbac.authorization.k8s.io', version: 'v1' };

/** Keeps a policy as the stored roles and bindings have it. */
export function followPolicy(policy: Policy, objects: ObjectAccess): void {
  const roles: ObjectReceiver<KubeObject & Role> = {
    set: (role) => policy.setRole(role),
    delete: (role) => policy.deleteRole(role),
  };
  const bindings: ObjectReceiver<KubeObject & Binding> = {
    set: (binding) => policy.setBinding(binding),
    delete: (binding) => policy.deleteBinding(binding),
  };
  for (const resource of ['clusterroles', 'roles']) objects.follow({ ...version, resource }, roles);
  for (const resource of ['clusterrolebindings', 'rolebindings']) objects.follow({ ...version, resource }, bindings);
}

import { generateName, injectedTokenSeconds } from '@keelson/machinery';
import type { core } from '@keelson/schema';

type Container = core.v1.Container;

/** Where clients in a pod look for what they need to reach the API. */
const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const volumePrefix = 'kube-api-access-';
/** rw-r--r-- */
const fileMode = 0o644;

/** Gives every container of a pod a token of its account, the API's authority and its namespace. In place (KEP-1205). */
export function mountApiAccess(spec: core.v1.PodSpec): void {
  const existing = spec.volumes?.find(({ name }) => name.startsWith(volumePrefix));
  const name = existing?.name ?? generateName(volumePrefix);
  const lacking = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].filter((container) => !hasOwn(container));
  for (const container of lacking) container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath }];
  if (existing === undefined && lacking.length > 0) spec.volumes = [...(spec.volumes ?? []), { name, projected: apiAccess() }];
}

/** Whoever mounts something else there wants no token. */
function hasOwn({ volumeMounts }: Container): boolean {
  return volumeMounts?.some((mount) => mount.mountPath === mountPath) ?? false;
}

function apiAccess(): core.v1.ProjectedVolumeSource {
  return {
    sources: [
      { serviceAccountToken: { expirationSeconds: injectedTokenSeconds, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
    ],
    defaultMode: fileMode,
  };
}

import type { RemoteAccess } from '@keelson/machinery';
import { defaultKubeconfig, readKubeconfig } from '@keelson/schema';
import { InClusterAccess } from './in-cluster-access.js';

export interface ClusterAccess {
  readonly access: RemoteAccess;
  /** Where this process runs, when it is a pod. */
  readonly namespace: string | undefined;
}

/** The cluster that an extension belongs to: the one it is told, that of its pod, or the one that kubectl would talk to. */
export async function clusterAccess(cluster: string | RemoteAccess | undefined): Promise<ClusterAccess> {
  if (typeof cluster === 'object') return { access: cluster, namespace: undefined };
  const pod = cluster === undefined ? await InClusterAccess.find() : undefined;
  if (pod !== undefined) return { access: pod, namespace: pod.namespace };
  return { access: await readKubeconfig(cluster ?? defaultKubeconfig(process.env)), namespace: undefined };
}

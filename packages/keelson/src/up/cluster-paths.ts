import { join, resolve } from 'node:path';

/** What lies where below the data directory of a local cluster. */
export interface ClusterPaths {
  readonly root: string;
  readonly pki: string;
  readonly kubeconfig: string;
  /** AuthenticationConfiguration of the API servers. */
  readonly authentication: string;
  /** Embedded store. */
  readonly store: string;
  readonly etcd: string;
  readonly logs: string;
  /** One file for each process that runs. */
  readonly run: string;
  readonly topology: string;
  readonly haproxyConfig: string;
}

export function clusterPaths(dataDir: string): ClusterPaths {
  const root = resolve(dataDir);
  return {
    root,
    pki: join(root, 'pki'),
    kubeconfig: join(root, 'kubeconfig'),
    authentication: join(root, 'authentication.yaml'),
    store: join(root, 'store'),
    etcd: join(root, 'etcd'),
    logs: join(root, 'logs'),
    run: join(root, 'run'),
    topology: join(root, 'cluster.json'),
    haproxyConfig: join(root, 'haproxy.cfg'),
  };
}

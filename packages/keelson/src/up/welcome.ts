import { relative } from 'node:path';
import { kubernetesRelease } from '@keelson/machinery';
import { keelsonVersion } from '../version.js';

export interface Welcome {
  readonly url: string;
  readonly kubeconfig: string;
  readonly seconds: number;
}

/** What the user sees once the cluster is up: where it is and what to type next. */
export function welcomeText({ url, kubeconfig, seconds }: Welcome): string {
  const near = relative(process.cwd(), kubeconfig);
  return `Keelson v${keelsonVersion} serves Kubernetes ${kubernetesRelease} on ${url} (ready in ${seconds.toFixed(1)} s)

Type next:

  export KUBECONFIG=${near.startsWith('..') ? kubeconfig : `$PWD/${near}`}
  kubectl cluster-info
  kubectl create namespace demo
  kubectl --namespace demo create deployment web --image=nginx --replicas=2
  kubectl --namespace demo get all
  kubectl api-resources

Ctrl-C stops it; the data stays for the next start.
`;
}

import { path } from '@keelson/machinery';
import { ipWarnings } from '../net/ip-warnings.js';

interface Balanced {
  readonly status: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

/** Of the addresses that a load balancer reports, which services and ingresses have. */
export function loadBalancerWarnings({ status }: Balanced): string[] {
  const here = path('status', 'loadBalancer', 'ingress');
  return (status.loadBalancer?.ingress ?? []).flatMap(({ ip = '' }, i) => ipWarnings(ip, here.index(i)));
}

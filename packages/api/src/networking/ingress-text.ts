import type { networking } from '@keelson/schema';

type IngressSpec = networking.v1.IngressSpec;

const shownRules = 3;

/** Hosts of the first rules; `*` where none is named. */
export function hostsText({ rules = [] }: IngressSpec): string {
  const named = rules.filter(({ host }) => host).map(({ host }) => host);
  if (named.length === 0) return '*';
  const shown = named.slice(0, shownRules).join(',');
  return named.length >= shownRules && rules.length > shownRules ? `${shown} + ${rules.length - shownRules} more...` : shown;
}

/** Addresses of the load balancers, each once, in order. */
export function addressesText({ loadBalancer }: networking.v1.IngressStatus): string {
  const addresses = (loadBalancer.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '').filter((address) => address !== '');
  return [...new Set(addresses)].sort().join(',');
}

export function portsText({ tls = [] }: IngressSpec): string {
  return tls.length > 0 ? '80, 443' : '80';
}

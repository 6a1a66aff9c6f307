import { type FieldPath, path } from '@keelson/machinery';
import type { networking } from '@keelson/schema';
import { cidrWarnings } from '../net/ip-warnings.js';

function peerWarnings(peers: readonly networking.v1.NetworkPolicyPeer[] | undefined, at: FieldPath): string[] {
  return (peers ?? []).flatMap(({ ipBlock }, i) => {
    if (ipBlock === undefined) return [];
    const here = at.index(i).child('ipBlock');
    return [
      ...cidrWarnings(ipBlock.cidr, here.child('cidr')),
      ...(ipBlock.except ?? []).flatMap((cidr, j) => cidrWarnings(cidr, here.child('except').index(j))),
    ];
  });
}

export function networkPolicyWarnings({ spec }: networking.v1.NetworkPolicy): string[] {
  const at = path('spec');
  return [
    ...(spec.ingress ?? []).flatMap(({ from }, i) => peerWarnings(from, at.child('ingress').index(i).child('from'))),
    ...(spec.egress ?? []).flatMap(({ to }, i) => peerWarnings(to, at.child('egress').index(i).child('to'))),
  ];
}

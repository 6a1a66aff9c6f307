import type { core } from '@keelson/schema';

type Service = core.v1.Service;

/** Instead of an address: the service has none. */
export const headless = 'None';

export function isExternalName({ spec }: Service): boolean {
  return spec.type === 'ExternalName';
}

export function isHeadless({ spec }: Service): boolean {
  return spec.clusterIPs?.[0] === headless || spec.clusterIP === headless;
}

/** Even `None` is a value. */
export function needsClusterIp(service: Service): boolean {
  return !isExternalName(service);
}

/** Load balancers that reach pods directly may do without node ports (KEP-1864). */
export function needsNodePorts({ spec }: Service): boolean {
  return spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
}

/** May hold node ports, be it those that its author asked for. */
export function mayHaveNodePorts({ spec }: Service): boolean {
  return spec.type === 'NodePort' || spec.type === 'LoadBalancer';
}

/** Load balancers must find out which nodes have endpoints. */
export function needsHealthCheckNodePort({ spec }: Service): boolean {
  return spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
}

/** Reachable from outside the cluster. */
export function isExternallyAccessible({ spec }: Service): boolean {
  if (spec.type === 'LoadBalancer' || spec.type === 'NodePort') return true;
  return spec.type === 'ClusterIP' && (spec.externalIPs?.length ?? 0) > 0;
}

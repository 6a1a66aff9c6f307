import type { core } from '@keelson/schema';
import { nodePortsOf } from './allocated-values.js';
import { isExternalName, isHeadless, mayHaveNodePorts, needsHealthCheckNodePort } from './service-traits.js';

type Service = core.v1.Service;

/** The addresses a service has of those that exist once in a cluster. */
export function heldIps(service: Service): string[] {
  return isExternalName(service) || isHeadless(service) ? [] : [...(service.spec.clusterIPs ?? [])];
}

/** The same of node ports: those of its ports, and the one of its health check. */
export function heldPorts(service: Service): number[] {
  const ports = mayHaveNodePorts(service) ? nodePortsOf(service.spec) : new Set<number>();
  const { healthCheckNodePort } = service.spec;
  if (needsHealthCheckNodePort(service) && healthCheckNodePort) ports.add(healthCheckNodePort);
  return [...ports];
}

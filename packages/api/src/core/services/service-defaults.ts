import type { core } from '@keelson/schema';
import { isExternallyAccessible } from './service-traits.js';

type Service = core.v1.Service;

const affinitySeconds = 3 * 60 * 60;

function defaultAffinity(spec: core.v1.ServiceSpec): void {
  spec.sessionAffinity ||= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity !== 'ClientIP') return;
  const { clientIP } = spec.sessionAffinityConfig ?? {};
  spec.sessionAffinityConfig = { clientIP: { ...clientIP, timeoutSeconds: clientIP?.timeoutSeconds ?? affinitySeconds } };
}

/** Conditional defaults of a service. In place. */
export function defaultService(service: Service): void {
  const { spec, status } = service;
  defaultAffinity(spec);
  spec.type ||= 'ClusterIP';
  for (const port of spec.ports ?? []) if (!port.targetPort) port.targetPort = port.port;
  if (isExternallyAccessible(service)) spec.externalTrafficPolicy ||= 'Cluster';
  if (spec.type !== 'ExternalName') spec.internalTrafficPolicy ??= 'Cluster';
  if (spec.type !== 'LoadBalancer') return;
  spec.allocateLoadBalancerNodePorts ??= true;
  for (const ingress of status.loadBalancer?.ingress ?? []) if (ingress.ip) ingress.ipMode ??= 'VIP';
}

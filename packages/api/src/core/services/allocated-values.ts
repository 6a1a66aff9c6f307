import { semanticallyEqual } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { isExternallyAccessible, mayHaveNodePorts, needsClusterIp, needsHealthCheckNodePort, needsNodePorts } from './service-traits.js';

type Service = core.v1.Service;
type ServiceSpec = core.v1.ServiceSpec;

/** On a create, a single address stands for the list of one. */
export function listClusterIp({ spec }: Service): void {
  if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
}

/** Brings what the server has chosen before into an update, and takes out of it what its new type cannot have. In place. */
export function prepareServiceUpdate(service: Service, old: Service): void {
  keepAllocatedValues(service, old);
  alignClusterIps(service, old);
  dropTypeDependentFields(service, old);
  dropSecondFamily(service, old);
}

/** Fills in what the server has chosen and the client has left out, so that what was applied can be applied again. */
function keepAllocatedValues(service: Service, old: Service): void {
  const { spec } = service;
  if (needsClusterIp(old) && needsClusterIp(service)) {
    if (!spec.clusterIP && old.spec.clusterIP) spec.clusterIP = old.spec.clusterIP;
    if (!spec.clusterIPs?.length && old.spec.clusterIPs) spec.clusterIPs = [...old.spec.clusterIPs];
  }
  if (needsNodePorts(old) && needsNodePorts(service)) keepNodePorts(spec, old.spec);
  if (needsHealthCheckNodePort(old) && needsHealthCheckNodePort(service) && old.spec.healthCheckNodePort) {
    spec.healthCheckNodePort ||= old.spec.healthCheckNodePort;
  }
}

/** Node ports of its ports, each once: protocols may share one. */
export function nodePortsOf({ ports }: ServiceSpec): Set<number> {
  return new Set((ports ?? []).flatMap(({ nodePort }) => (nodePort ? [nodePort] : [])));
}

/** Ports are told apart by name; a node port that another port has taken over stays with that. */
function keepNodePorts(spec: ServiceSpec, old: ServiceSpec): void {
  const taken = nodePortsOf(spec);
  const byName = new Map((old.ports ?? []).map(({ name = '', nodePort }) => [name, nodePort]));
  for (const port of spec.ports ?? []) {
    const before = byName.get(port.name ?? '');
    if (!port.nodePort && before && !taken.has(before)) port.nodePort = before;
  }
}

/** On an update, the single address and the list may have been changed one without the other: the change is followed. */
function alignClusterIps({ spec }: Service, old: Service): void {
  const sameList = semanticallyEqual(spec.clusterIPs, old.spec.clusterIPs);
  if (old.spec.clusterIP && !spec.clusterIP && sameList) delete spec.clusterIPs;
  else if (spec.clusterIP && spec.clusterIP !== old.spec.clusterIP && sameList) {
    spec.clusterIPs = [spec.clusterIP];
  }
}

/** Going back to one family lets go of the second address, where the client has not touched it (KEP-563). */
function dropSecondFamily({ spec }: Service, old: Service): void {
  const wasDual = old.spec.ipFamilyPolicy === 'PreferDualStack' || old.spec.ipFamilyPolicy === 'RequireDualStack';
  if (!wasDual || spec.ipFamilyPolicy !== 'SingleStack') return;
  const untouched = (field: 'clusterIPs' | 'ipFamilies') => spec[field]?.length === 2 && semanticallyEqual(spec[field], old.spec[field]);
  if (untouched('clusterIPs')) spec.clusterIPs = spec.clusterIPs?.slice(0, 1) ?? [];
  if (untouched('ipFamilies')) spec.ipFamilies = spec.ipFamilies?.slice(0, 1) ?? [];
}

/** Removes, on a change of type, what the new type cannot have and the client has not touched. What was allocated is released later. */
function dropTypeDependentFields(service: Service, old: Service): void {
  const { spec } = service;
  const lost = (needs: (service: Service) => boolean) => needs(old) && !needs(service);
  const untouched = (field: keyof ServiceSpec) => semanticallyEqual(spec[field], old.spec[field]);
  const drop = (...fields: (keyof ServiceSpec)[]) => {
    if (fields.every(untouched)) for (const field of fields) delete spec[field];
  };
  if (lost(needsClusterIp)) {
    drop('clusterIP', 'clusterIPs');
    drop('ipFamilies');
    drop('ipFamilyPolicy');
  }
  if (lost(mayHaveNodePorts)) dropNodePorts(spec, old.spec);
  if (lost(needsHealthCheckNodePort)) drop('healthCheckNodePort');
  if (old.spec.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    drop('allocateLoadBalancerNodePorts');
    drop('loadBalancerClass');
  }
  if (lost(isExternallyAccessible)) drop('externalTrafficPolicy');
  if (lost(needsClusterIp)) drop('internalTrafficPolicy');
  if (spec.type !== 'LoadBalancer') service.status.loadBalancer = {};
}

function dropNodePorts(spec: ServiceSpec, old: ServiceSpec): void {
  const before = nodePortsOf(old);
  const now = nodePortsOf(spec);
  if ([...now].some((port) => !before.has(port))) return;
  for (const port of spec.ports ?? []) delete port.nodePort;
}

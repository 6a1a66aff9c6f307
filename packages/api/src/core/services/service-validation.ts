import {
  dns1123Label,
  dns1123Subdomain,
  duplicate,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  path,
  qualifiedName,
  required,
  validateLabels,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateCidr, validateReachableIp } from '../../net/ip-validation.js';
import { validateEnumerated, validateOptionalEnumerated } from '../../validation/enumerated.js';
import { validatePortNumber, validatePortNumberOrName } from '../../validation/port.js';
import { validateClusterIpsChange } from './cluster-ips-validation.js';
import { isExternallyAccessible, isExternalName, isHeadless, needsHealthCheckNodePort } from './service-traits.js';

type Service = core.v1.Service;
type ServicePort = core.v1.ServicePort;

const at = path('spec');
const maxAffinitySeconds = 86_400;
const onlyLoadBalancer = "may only be used when `type` is 'LoadBalancer'";

function validatePort(port: ServicePort, here: FieldPath, namesRequired: boolean): FieldError[] {
  const { name = '', appProtocol } = port;
  const errors = name === '' ? [] : dns1123Label(name).map((detail) => invalidField(here.child('name'), name, detail));
  if (namesRequired && name === '') errors.push(required(here.child('name')));
  errors.push(...validatePortNumber(port.port, here.child('port')));
  errors.push(...validateEnumerated(port.protocol, here.child('protocol'), ['SCTP', 'TCP', 'UDP']));
  errors.push(...validatePortNumberOrName(port.targetPort, here.child('targetPort')));
  if (appProtocol !== undefined) {
    errors.push(...qualifiedName(appProtocol).map((detail) => invalidField(here.child('appProtocol'), appProtocol, detail)));
  }
  return errors;
}

/** Names, numbers and node ports are each unique in a service, the latter two within a protocol. */
function validateUniquePorts(ports: readonly ServicePort[]): FieldError[] {
  const seen = new Set<string>();
  const isSecond = (key: string) => seen.size === seen.add(key).size;
  return ports.flatMap(({ name = '', protocol = '', port, nodePort }, i) => {
    const here = at.child('ports').index(i);
    const errors: FieldError[] = [];
    if (name !== '' && isSecond(`name ${name}`)) errors.push(duplicate(here.child('name'), name));
    if (nodePort && isSecond(`nodePort ${protocol} ${nodePort}`)) errors.push(duplicate(here.child('nodePort'), nodePort));
    if (isSecond(`port ${protocol} ${port}`))
      errors.push(duplicate(here, { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 }));
    return errors;
  });
}

function validatePorts(service: Service): FieldError[] {
  const ports = service.spec.ports ?? [];
  if (ports.length === 0) return isHeadless(service) || isExternalName(service) ? [] : [required(at.child('ports'))];
  const errors = ports.flatMap((port, i) => validatePort(port, at.child('ports').index(i), ports.length > 1));
  if (service.spec.type === 'ClusterIP') {
    for (const [i, { nodePort }] of ports.entries()) {
      if (nodePort) errors.push(forbiddenField(at.child('ports').index(i).child('nodePort'), "may not be used when `type` is 'ClusterIP'"));
    }
  }
  return [...errors, ...validateUniquePorts(ports)];
}

function validateType(service: Service): FieldError[] {
  const { type, clusterIPs, ipFamilies, ipFamilyPolicy, externalName = '' } = service.spec;
  if ((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(service)) {
    return [invalidField(at.child('clusterIPs').index(0), clusterIPs?.[0] ?? '', `may not be set to 'None' for ${type} services`)];
  }
  if (type !== 'ExternalName') return validateEnumerated(type, at.child('type'), ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']);
  const host = externalName.replace(/\.$/, '');
  const misplaced = Object.entries({ clusterIPs, ipFamilies, ipFamilyPolicy }).filter(([, value]) => (value?.length ?? 0) > 0);
  return [
    ...misplaced.map(([field]) => forbiddenField(at.child(field), 'may not be set for ExternalName services')),
    ...(host === '' ? [required(at.child('externalName'))] : []),
    ...(host === '' ? [] : dns1123Subdomain(host).map((detail) => invalidField(at.child('externalName'), host, detail))),
  ];
}

function validateAffinity({ spec }: Service): FieldError[] {
  const errors = validateEnumerated(spec.sessionAffinity, at.child('sessionAffinity'), ['ClientIP', 'None']);
  const config = at.child('sessionAffinityConfig');
  if (spec.sessionAffinity === 'None' && spec.sessionAffinityConfig) {
    errors.push(forbiddenField(config, 'must not be set when session affinity is None'));
  }
  if (spec.sessionAffinity !== 'ClientIP') return errors;
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  const here = config.child('clientIP', 'timeoutSeconds');
  if (seconds === undefined) errors.push(required(here));
  else if (seconds <= 0 || seconds > maxAffinitySeconds) {
    errors.push(invalidField(here, seconds, `must be greater than 0 and less than ${maxAffinitySeconds}`));
  }
  return errors;
}

function validateLoadBalancer({ spec }: Service): FieldError[] {
  const { loadBalancerSourceRanges: ranges = [], allocateLoadBalancerNodePorts: allocate, loadBalancerClass } = spec;
  const errors = ranges.flatMap((range, i) => validateCidr(range.trim(), at.child('LoadBalancerSourceRanges').index(i)));
  if (loadBalancerClass !== undefined) {
    errors.push(
      ...qualifiedName(loadBalancerClass).map((detail) => invalidField(at.child('loadBalancerClass'), loadBalancerClass, detail)),
    );
  }
  if (spec.type === 'LoadBalancer')
    return allocate === undefined ? [...errors, required(at.child('allocateLoadBalancerNodePorts'))] : errors;
  if (ranges.length > 0) errors.push(forbiddenField(at.child('LoadBalancerSourceRanges'), onlyLoadBalancer));
  if (allocate !== undefined) errors.push(forbiddenField(at.child('allocateLoadBalancerNodePorts'), onlyLoadBalancer));
  if (loadBalancerClass !== undefined) errors.push(forbiddenField(at.child('loadBalancerClass'), onlyLoadBalancer));
  return errors;
}

function validateHealthCheckPort(service: Service): FieldError[] {
  const { healthCheckNodePort = 0 } = service.spec;
  const here = at.child('healthCheckNodePort');
  if (needsHealthCheckNodePort(service))
    return healthCheckNodePort === 0 ? [required(here)] : validatePortNumber(healthCheckNodePort, here);
  const only = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
  return healthCheckNodePort === 0 ? [] : [invalidField(here, healthCheckNodePort, only)];
}

function validateTraffic(service: Service): FieldError[] {
  const { externalTrafficPolicy, internalTrafficPolicy, trafficDistribution } = service.spec;
  const external = at.child('externalTrafficPolicy');
  const errors = validateHealthCheckPort(service);
  if (isExternallyAccessible(service)) errors.push(...validateEnumerated(externalTrafficPolicy, external, ['Cluster', 'Local']));
  else if (externalTrafficPolicy) {
    errors.push(invalidField(external, externalTrafficPolicy, 'may only be set for externally-accessible services'));
  }
  if (!isExternalName(service))
    errors.push(...validateEnumerated(internalTrafficPolicy, at.child('internalTrafficPolicy'), ['Cluster', 'Local']));
  const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
  return [...errors, ...validateOptionalEnumerated(trafficDistribution, at.child('trafficDistribution'), distributions)];
}

function validateUpdate(service: Service, old: Service): FieldError[] {
  const errors = validateClusterIpsChange(service, old);
  const stillChecked = needsHealthCheckNodePort(service) && needsHealthCheckNodePort(old);
  if (stillChecked && service.spec.healthCheckNodePort !== old.spec.healthCheckNodePort) {
    errors.push(forbiddenField(at.child('healthCheckNodePort'), 'field is immutable'));
  }
  const balanced = service.spec.type === 'LoadBalancer' && old.spec.type === 'LoadBalancer';
  if (balanced && service.spec.loadBalancerClass !== old.spec.loadBalancerClass) {
    errors.push(invalidField(at.child('loadBalancerClass'), service.spec.loadBalancerClass, 'may not change once set'));
  }
  return errors;
}

/** Everything but the addresses, which are looked at before they are completed: see `validateClusterIps`. */
export function validateService(service: Service, old: Service | undefined): FieldError[] {
  const { selector, externalIPs = [] } = service.spec;
  return [
    ...(old === undefined ? [] : validateUpdate(service, old)),
    ...validateType(service),
    ...validatePorts(service),
    ...validateLabels(selector, at.child('selector')),
    ...validateAffinity(service),
    ...externalIPs.flatMap((ip, i) => validateReachableIp(ip, at.child('externalIPs').index(i))),
    ...validateLoadBalancer(service),
    ...validateTraffic(service),
  ];
}

import {
  dns1123Label,
  dns1123Subdomain,
  duplicate,
  type FieldError,
  type FieldPath,
  forbiddenField,
  hasFeature,
  invalidField,
  path,
  qualifiedName,
  required,
  validateLabels,
} from '@keelson/machinery';
import { type core, internalForm } from '@keelson/schema';
import { validateCidr, validateReachableIp } from '../../net/ip-validation.js';
import { validateEach } from '../../validation/each.js';
import { validateEnumerated, validateOptionalEnumerated, validateSetEnumerated } from '../../validation/enumerated.js';
import { validateForm, validateOptionalForm, validateRequiredForm } from '../../validation/names.js';
import { validatePortNumber, validatePortNumberOrName } from '../../validation/port.js';
import { validateClusterIpsChange } from './cluster-ips-validation.js';
import { isExternallyAccessible, isExternalName, isHeadless, needsHealthCheckNodePort } from './service-traits.js';

type Service = core.v1.Service;
type ServicePort = core.v1.ServicePort;

const at = path('spec');
const annotationsPath = path('metadata', 'annotations');
const maxAffinitySeconds = 86_400;
const kubeletPort = 10_250;
const onlyLoadBalancer = "may only be used when `type` is 'LoadBalancer'";

const topologyHints = 'service.kubernetes.io/topology-aware-hints';
const topologyMode = 'service.kubernetes.io/topology-mode';
const sourceRanges = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/** The annotation under its old and its new name. */
function validateTopology({ metadata }: Service): FieldError[] {
  const { [topologyHints]: hints, [topologyMode]: mode } = metadata.annotations ?? {};
  if (hints === undefined || mode === undefined || hints === mode) return [];
  return [invalidField(annotationsPath.key(topologyMode), mode, `must match annotations[${topologyHints}] when both are specified`)];
}

function validateNoKubeletPort({ spec }: Service): FieldError[] {
  return validateEach(spec.ports, at.child('ports'), ({ port }, here) =>
    port === kubeletPort ? [invalidField(here, port, `may not expose port ${kubeletPort} externally since it is used by kubelet`)] : [],
  );
}

function validateExternalName({ spec }: Service): FieldError[] {
  const { clusterIPs, ipFamilies, ipFamilyPolicy, externalName = '' } = spec;
  const misplaced = Object.entries({ clusterIPs, ipFamilies, ipFamilyPolicy }).filter(([, value]) => (value?.length ?? 0) > 0);
  return [
    ...misplaced.map(([field]) => forbiddenField(at.child(field), 'may not be set for ExternalName services')),
    ...validateRequiredForm(externalName.replace(/\.$/, ''), at.child('externalName'), dns1123Subdomain),
  ];
}

/** What the type asks of the rest. */
function validateForType(service: Service): FieldError[] {
  const { type, clusterIPs } = service.spec;
  if (type === 'ExternalName') return validateExternalName(service);
  if (type !== 'LoadBalancer' && type !== 'NodePort') return [];
  const errors = type === 'LoadBalancer' ? validateNoKubeletPort(service) : [];
  if (!isHeadless(service)) return errors;
  return [...errors, invalidField(at.child('clusterIPs').index(0), clusterIPs?.[0] ?? '', `may not be set to 'None' for ${type} services`)];
}

function validatePort(port: ServicePort, here: FieldPath, i: number, all: readonly ServicePort[]): FieldError[] {
  const { name = '', appProtocol } = port;
  const validateName = all.length > 1 ? validateRequiredForm : validateOptionalForm;
  const isRepeated = name !== '' && all.findIndex((other) => other.name === name) < i;
  return [
    ...validateName(name, here.child('name'), dns1123Label),
    ...(isRepeated ? [duplicate(here.child('name'), name)] : []),
    ...validatePortNumber(port.port, here.child('port')),
    ...validateEnumerated(port.protocol, here.child('protocol'), ['SCTP', 'TCP', 'UDP']),
    ...validatePortNumberOrName(port.targetPort, here.child('targetPort')),
    ...(appProtocol === undefined ? [] : validateForm(appProtocol, here.child('appProtocol'), qualifiedName)),
  ];
}

function validatePorts(service: Service): FieldError[] {
  const ports = service.spec.ports ?? [];
  return validateEach(ports, at.child('ports'), (port, here, i) => validatePort(port, here, i, ports));
}

/** Numbers are unique in a service, within a protocol, and so are node ports. */
function validatePortNumbers({ spec }: Service): FieldError[] {
  const ports = spec.ports ?? [];
  const repeated = (i: number, field: 'port' | 'nodePort') =>
    ports.findIndex((other) => other.protocol === ports[i]?.protocol && other[field] === ports[i]?.[field]) < i;
  const here = at.child('ports');
  return [
    ...validateEach(ports, here, ({ nodePort }, one) =>
      nodePort && spec.type === 'ClusterIP' ? [forbiddenField(one.child('nodePort'), "may not be used when `type` is 'ClusterIP'")] : [],
    ),
    ...validateEach(ports, here, ({ nodePort }, one, i) =>
      nodePort && repeated(i, 'nodePort') ? [duplicate(one.child('nodePort'), nodePort)] : [],
    ),
    ...validateEach(ports, here, ({ protocol, port }, one, i) =>
      repeated(i, 'port') ? [duplicate(one, internalForm('core.v1.ServicePort', { protocol, port }))] : [],
    ),
  ];
}

function validateAffinityTimeout({ clientIP }: core.v1.SessionAffinityConfig = {}): FieldError[] {
  const config = at.child('sessionAffinityConfig');
  const here = config.child('clientIP', 'timeoutSeconds');
  if (clientIP === undefined) return [required(config.child('clientIP'), 'when session affinity type is ClientIP')];
  const seconds = clientIP.timeoutSeconds;
  if (seconds === undefined) return [required(here, 'when session affinity type is ClientIP')];
  if (seconds > 0 && seconds <= maxAffinitySeconds) return [];
  return [invalidField(here, seconds, `must be greater than 0 and less than ${maxAffinitySeconds}`)];
}

function validateAffinity({ spec }: Service): FieldError[] {
  const { sessionAffinity, sessionAffinityConfig } = spec;
  const errors = validateEnumerated(sessionAffinity, at.child('sessionAffinity'), ['ClientIP', 'None']);
  if (sessionAffinity === 'ClientIP') return [...errors, ...validateAffinityTimeout(sessionAffinityConfig)];
  if (sessionAffinity !== 'None' || sessionAffinityConfig === undefined) return errors;
  return [...errors, forbiddenField(at.child('sessionAffinityConfig'), 'must not be set when session affinity is None')];
}

/** Ranges may have spaces around them, as when they were an annotation, which still counts where there is no field. */
function validateSourceRanges({ metadata, spec }: Service, old: Service | undefined): FieldError[] {
  const ranges = spec.loadBalancerSourceRanges ?? [];
  const annotated = metadata.annotations?.[sourceRanges];
  const kept = (old?.spec.loadBalancerSourceRanges ?? []).map((range) => range.trim());
  if (ranges.length === 0 && annotated === undefined) return [];
  const here = ranges.length > 0 ? at.child('LoadBalancerSourceRanges') : annotationsPath.key(sourceRanges);
  const isNew = annotated !== old?.metadata.annotations?.[sourceRanges];
  const texts = isNew && annotated?.trim() ? annotated.split(',') : [];
  return [
    ...(spec.type === 'LoadBalancer' ? [] : [forbiddenField(here, onlyLoadBalancer)]),
    ...(ranges.length > 0
      ? validateEach(ranges, here, (range, one) => validateCidr(range.trim(), one, kept))
      : texts.flatMap((range) => validateCidr(range.trim(), here))),
  ];
}

function validateLoadBalancerClass({ spec }: Service): FieldError[] {
  const { type, loadBalancerClass } = spec;
  const here = at.child('loadBalancerClass');
  if (loadBalancerClass === undefined) return [];
  return type === 'LoadBalancer' ? validateForm(loadBalancerClass, here, qualifiedName) : [forbiddenField(here, onlyLoadBalancer)];
}

function validateLoadBalancer(service: Service, old: Service | undefined): FieldError[] {
  const { type, allocateLoadBalancerNodePorts: allocate } = service.spec;
  const errors = validateSourceRanges(service, old);
  if (type !== 'LoadBalancer' && allocate !== undefined) {
    errors.push(forbiddenField(at.child('allocateLoadBalancerNodePorts'), onlyLoadBalancer));
  }
  if (type === 'LoadBalancer' && allocate === undefined) errors.push(required('allocateLoadBalancerNodePorts'));
  return [...errors, ...validateLoadBalancerClass(service)];
}

function validateHealthCheckPort(service: Service): FieldError[] {
  const { healthCheckNodePort = 0 } = service.spec;
  const here = at.child('healthCheckNodePort');
  if (needsHealthCheckNodePort(service))
    return healthCheckNodePort === 0 ? [required(here)] : validatePortNumber(healthCheckNodePort, here);
  const only = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
  return healthCheckNodePort === 0 ? [] : [invalidField(here, healthCheckNodePort, only)];
}

function validateExternalTraffic(service: Service): FieldError[] {
  const { externalTrafficPolicy } = service.spec;
  const here = at.child('externalTrafficPolicy');
  if (isExternallyAccessible(service)) return validateEnumerated(externalTrafficPolicy, here, ['Cluster', 'Local']);
  return externalTrafficPolicy ? [invalidField(here, externalTrafficPolicy, 'may only be set for externally-accessible services')] : [];
}

function validateTraffic(service: Service): FieldError[] {
  const { internalTrafficPolicy, trafficDistribution } = service.spec;
  const validateInternal = isExternalName(service) ? validateOptionalEnumerated : validateSetEnumerated;
  const distributions = hasFeature('PreferSameTrafficDistribution') ? ['PreferClose', 'PreferSameZone', 'PreferSameNode'] : ['PreferClose'];
  return [
    ...validateExternalTraffic(service),
    ...validateHealthCheckPort(service),
    ...validateInternal(internalTrafficPolicy, at.child('internalTrafficPolicy'), ['Cluster', 'Local']),
    ...validateOptionalEnumerated(trafficDistribution, at.child('trafficDistribution'), distributions),
  ];
}

function validateUpdate(service: Service, old: Service): FieldError[] {
  const errors = validateClusterIpsChange(service, old);
  const balanced = service.spec.type === 'LoadBalancer' && old.spec.type === 'LoadBalancer';
  if (balanced && service.spec.loadBalancerClass !== old.spec.loadBalancerClass) {
    errors.push(invalidField(at.child('loadBalancerClass'), service.spec.loadBalancerClass, 'may not change once set'));
  }
  // The class is looked at once more with everything else.
  errors.push(...validateLoadBalancerClass(service));
  const stillChecked = needsHealthCheckNodePort(service) && needsHealthCheckNodePort(old);
  if (stillChecked && service.spec.healthCheckNodePort !== old.spec.healthCheckNodePort) {
    errors.push(forbiddenField(at.child('healthCheckNodePort'), 'field is immutable'));
  }
  return errors;
}

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

/** Everything but the addresses, which are looked at before they are completed: see `validateClusterIps`. */
export function validateService(service: Service, old: Service | undefined): FieldError[] {
  const { selector, externalIPs, ports, type } = service.spec;
  const needsPorts = !isHeadless(service) && !isExternalName(service);
  return [
    ...(old === undefined ? [] : validateUpdate(service, old)),
    ...validateTopology(service),
    ...(needsPorts && !ports?.length ? [required(at.child('ports'))] : []),
    ...validateForType(service),
    ...validatePorts(service),
    ...validateLabels(selector, at.child('selector')),
    ...validateAffinity(service),
    ...validateEach(externalIPs, at.child('externalIPs'), (ip, here) => validateReachableIp(ip, here, old?.spec.externalIPs ?? [])),
    ...validateEnumerated(type, at.child('type'), types),
    ...validatePortNumbers(service),
    ...validateLoadBalancer(service, old),
    ...validateTraffic(service),
  ];
}

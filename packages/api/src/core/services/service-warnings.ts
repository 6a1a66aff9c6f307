import { path } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { cidrWarnings, ipWarnings } from '../../net/ip-warnings.js';
import { isExternalName, isHeadless } from './service-traits.js';

type Service = core.v1.Service;

const at = path('spec');
const topologyHints = 'service.kubernetes.io/topology-aware-hints';
const topologyMode = 'service.kubernetes.io/topology-mode';

/** Fields without effect. */
function ignoredWarnings(service: Service): string[] {
  const { type, externalIPs = [], externalName = '', loadBalancerIP = '', sessionAffinity } = service.spec;
  const headless = type === 'ClusterIP' && isHeadless(service);
  return [
    ...(headless && loadBalancerIP !== '' ? ['spec.loadBalancerIP is ignored for headless services'] : []),
    ...(headless && externalIPs.length > 0 ? ['spec.externalIPs is ignored for headless services'] : []),
    ...(headless && sessionAffinity !== 'None' ? ['spec.SessionAffinity is ignored for headless services'] : []),
    ...(isExternalName(service) && externalIPs.length > 0 ? ['spec.externalIPs is ignored when spec.type is "ExternalName"'] : []),
    ...(!isExternalName(service) && externalName !== '' ? ['spec.externalName is ignored when spec.type is not "ExternalName"'] : []),
  ];
}

function addressWarnings(service: Service): string[] {
  const { clusterIPs = [], externalIPs = [], loadBalancerIP = '', loadBalancerSourceRanges = [] } = service.spec;
  const each = (list: readonly string[], field: string, warnings: typeof ipWarnings) =>
    list.flatMap((text, i) => warnings(text, at.child(field).index(i)));
  return [
    ...(isHeadless(service) ? [] : each(clusterIPs, 'clusterIPs', ipWarnings)),
    ...each(externalIPs, 'externalIPs', ipWarnings),
    ...ipWarnings(loadBalancerIP, at.child('loadBalancerIP')),
    ...each(loadBalancerSourceRanges, 'loadBalancerSourceRanges', cidrWarnings),
  ];
}

export function serviceWarnings(service: Service): string[] {
  const hinted = service.metadata.annotations?.[topologyHints] !== undefined;
  return [
    ...(hinted ? [`annotation ${topologyHints} is deprecated, please use ${topologyMode} instead`] : []),
    ...addressWarnings(service),
    ...ignoredWarnings(service),
  ];
}

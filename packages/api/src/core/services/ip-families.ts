import { type FieldError, invalidField, path } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { type IpFamily, parseIp } from '../../net/ip-address.js';
import { headless, isExternalName, isHeadless } from './service-traits.js';

type Service = core.v1.Service;

const at = path('spec');
const families: readonly IpFamily[] = ['IPv4', 'IPv6'];

/** A service that was told to take both families if it can keeps what it has got, also when the cluster changes. */
function keepsItsFamilies({ spec }: Service, old: Service | undefined): boolean {
  if (old === undefined || spec.ipFamilyPolicy !== 'PreferDualStack' || old.spec.ipFamilyPolicy !== 'PreferDualStack') return false;
  const same = (field: 'clusterIPs' | 'ipFamilies') => (spec[field] ?? []).join() === (old.spec[field] ?? []).join();
  return !isExternalName(old) && same('clusterIPs') && same('ipFamilies');
}

function checkPolicy({ spec }: Service): FieldError[] {
  if (spec.ipFamilyPolicy !== 'SingleStack') return [];
  const refuse = (what: string) =>
    invalidField(
      at.child('ipFamilyPolicy'),
      'SingleStack',
      `must be RequireDualStack or PreferDualStack when multiple ${what} are specified`,
    );
  return [
    ...(spec.clusterIPs?.length === 2 ? [refuse('cluster IPs')] : []),
    ...(spec.ipFamilies?.length === 2 ? [refuse('IP families')] : []),
  ];
}

/** Families that the addresses tell, where the families themselves are not named. */
function inferFamilies({ spec }: Service, configured: readonly IpFamily[]): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, ip] of (spec.clusterIPs ?? []).entries()) {
    const family = ip === headless ? undefined : parseIp(ip)?.family;
    if (family === undefined || i < (spec.ipFamilies?.length ?? 0)) continue;
    if (configured.includes(family)) spec.ipFamilies = [...(spec.ipFamilies ?? []), family];
    else errors.push(invalidField(at.child('clusterIPs').index(i), spec.clusterIPs, `${family} is not configured on this cluster`));
  }
  return errors;
}

function otherFamily(family: string | undefined): IpFamily {
  return family === 'IPv4' ? 'IPv6' : 'IPv4';
}

/** Who gives a service endpoints of its own decides about their families, whatever the cluster's are. */
function initSelectorless({ spec }: Service, [first = 'IPv4']: readonly IpFamily[]): void {
  spec.ipFamilyPolicy ??= 'RequireDualStack';
  if (!spec.ipFamilies?.length) spec.ipFamilies = [first];
  if (spec.ipFamilies.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') spec.ipFamilies.push(otherFamily(spec.ipFamilies[0]));
}

function checkConfigured({ spec }: Service, configured: readonly IpFamily[]): FieldError[] {
  const errors = (spec.ipFamilies ?? []).flatMap((family, i) => {
    if (configured.some((known) => known === family) || !families.some((known) => known === family)) return [];
    return [invalidField(at.child('ipFamilies').index(i), family, 'not configured on this cluster')];
  });
  if (spec.ipFamilyPolicy === 'RequireDualStack' && configured.length < 2) {
    errors.push(invalidField(at.child('ipFamilyPolicy'), spec.ipFamilyPolicy, 'this cluster is not configured for dual-stack services'));
  }
  return errors;
}

/**
 * Completes the IP families of a service and their policy, in place: from each other, from its addresses, and from the
 * families that the cluster has, the first of which is its default.
 */
export function initIpFamilies(service: Service, old: Service | undefined, configured: readonly IpFamily[]): FieldError[] {
  const { spec } = service;
  if (isExternalName(service) || keepsItsFamilies(service, old)) return [];
  const contradictions = [...checkPolicy(service), ...inferFamilies(service, configured)];
  if (contradictions.length > 0) return contradictions;
  const selectorless = Object.keys(spec.selector ?? {}).length === 0;
  if (isHeadless(service) && selectorless) {
    initSelectorless(service, configured);
    return [];
  }
  const unsupported = checkConfigured(service, configured);
  if (unsupported.length > 0) return unsupported;
  const two = spec.clusterIPs?.length === 2 || spec.ipFamilies?.length === 2;
  spec.ipFamilyPolicy ??= two ? 'RequireDualStack' : 'SingleStack';
  const [first = 'IPv4', second] = configured;
  if (!spec.ipFamilies?.length) spec.ipFamilies = [first];
  if (spec.ipFamilyPolicy !== 'SingleStack' && second !== undefined && spec.ipFamilies.length === 1) {
    spec.ipFamilies.push(otherFamily(spec.ipFamilies[0]));
  }
  return [];
}

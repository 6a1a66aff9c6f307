import { type FieldError, invalidField, path } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { type IpFamily, parseIp } from '../../net/ip-address.js';
import { validateClusterIps } from './cluster-ips-validation.js';
import { headless, isExternalName, isHeadless } from './service-traits.js';

type Service = core.v1.Service;

const at = path('spec');

function isSame({ spec }: Service, old: Service, field: 'clusterIPs' | 'ipFamilies'): boolean {
  const together = (values: readonly string[] = []) => values.join();
  return together(spec[field]) === together(old.spec[field]);
}

/** A service that was told to take both families if it can keeps what it has got, also when the cluster changes. */
function keepsItsFamilies(service: Service, old: Service | undefined): boolean {
  if (old === undefined || service.spec.type !== old.spec.type) return false;
  if ([service, old].some(({ spec }) => spec.ipFamilyPolicy !== 'PreferDualStack')) return false;
  return isSame(service, old, 'clusterIPs') && isSame(service, old, 'ipFamilies');
}

const isSelectorless = ({ spec }: Service) => Object.keys(spec.selector ?? {}).length === 0;

/** Who says nothing stays with what is there, so that nothing changes unasked. */
function initPolicy(service: Service, old: Service | undefined): void {
  const { spec } = service;
  spec.ipFamilyPolicy ??= old?.spec.ipFamilyPolicy ?? (isHeadless(service) && isSelectorless(service) ? 'RequireDualStack' : 'SingleStack');
}

const refusePolicy = ({ spec }: Service, detail: string) => invalidField(at.child('ipFamilyPolicy'), spec.ipFamilyPolicy, detail);

/** To go back to a single stack, it is enough to say so; it takes that, too. */
function applyPolicyChange(service: Service, old: Service): FieldError[] {
  const { spec } = service;
  const isSingle = spec.ipFamilyPolicy === 'SingleStack';
  if (isSingle && spec.clusterIP === old.spec.clusterIP && isSame(service, old, 'clusterIPs')) spec.clusterIPs?.splice(1);
  if (isSingle && isSame(service, old, 'ipFamilies')) spec.ipFamilies?.splice(1);
  const isReduced = (field: 'clusterIPs' | 'ipFamilies') => {
    const count = spec[field]?.length ?? 0;
    return !isSingle && count > 0 && count < (old.spec[field]?.length ?? 0);
  };
  return [
    ...(isReduced('clusterIPs') ? [refusePolicy(service, "must be 'SingleStack' to release the secondary cluster IP")] : []),
    ...(isReduced('ipFamilies') ? [refusePolicy(service, "must be 'SingleStack' to release the secondary IP family")] : []),
  ];
}

function checkPolicy(service: Service): FieldError[] {
  const { spec } = service;
  if (spec.ipFamilyPolicy !== 'SingleStack') return [];
  const refuse = (what: string) =>
    refusePolicy(service, `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`);
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
  if (!spec.ipFamilies?.length) spec.ipFamilies = [first];
  if (spec.ipFamilies.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') spec.ipFamilies.push(otherFamily(spec.ipFamilies[0]));
}

function checkConfigured(service: Service, configured: readonly IpFamily[]): FieldError[] {
  const { spec } = service;
  const single = spec.ipFamilyPolicy === 'RequireDualStack' && configured.length < 2;
  const unknown = (spec.ipFamilies ?? []).flatMap((family, i) =>
    configured.some((known) => known === family)
      ? []
      : [invalidField(at.child('ipFamilies').index(i), family, 'not configured on this cluster')],
  );
  return [...(single ? [refusePolicy(service, 'this cluster is not configured for dual-stack services')] : []), ...unknown];
}

/**
 * Completes the IP families of a service and their policy, in place: from each other, from its addresses, and from the
 * families that the cluster has, the first of which is its default.
 */
export function initIpFamilies(service: Service, old: Service | undefined, configured: readonly IpFamily[]): FieldError[] {
  const { spec } = service;
  if (isExternalName(service) || keepsItsFamilies(service, old)) return [];
  initPolicy(service, old);
  const malformed = validateClusterIps(service, old);
  if (malformed.length > 0) return malformed;
  const change = old === undefined ? [] : applyPolicyChange(service, old);
  const contradictions = [...change, ...checkPolicy(service), ...inferFamilies(service, configured)];
  if (contradictions.length > 0) return contradictions;
  if (isHeadless(service) && isSelectorless(service)) {
    initSelectorless(service, configured);
    return [];
  }
  const unsupported = checkConfigured(service, configured);
  if (unsupported.length > 0) return unsupported;
  const [first = 'IPv4', second] = configured;
  if (!spec.ipFamilies?.length) spec.ipFamilies = [first];
  if (spec.ipFamilyPolicy !== 'SingleStack' && second !== undefined && spec.ipFamilies.length === 1) {
    spec.ipFamilies.push(otherFamily(spec.ipFamilies[0]));
  }
  return [];
}

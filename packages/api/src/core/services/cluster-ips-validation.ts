import { duplicate, type FieldError, invalidField, notSupported, path, required } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { parseIp } from '../../net/ip-address.js';
import { validateIp } from '../../net/ip-validation.js';
import { validateOptionalEnumerated } from '../../validation/enumerated.js';
import { headless, isExternalName, isHeadless } from './service-traits.js';

type Service = core.v1.Service;

const at = path('spec');
const clusterIpsPath = at.child('clusterIPs');
const families = ['IPv4', 'IPv6'];
const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

function validateInStep({ spec }: Service): FieldError[] {
  const [first] = spec.clusterIPs ?? [];
  if (spec.clusterIP && first === undefined) return [required(clusterIpsPath)];
  if (spec.clusterIP && first !== spec.clusterIP)
    return [invalidField(clusterIpsPath, spec.clusterIPs, 'first value must match `clusterIP`')];
  if (!spec.clusterIP && first !== undefined) {
    return [invalidField(clusterIpsPath, spec.clusterIPs, 'must be empty when `clusterIP` is not specified')];
  }
  return [];
}

function validateFamilies({ spec }: Service): FieldError[] {
  const named = spec.ipFamilies ?? [];
  return named.flatMap((family, i) => {
    const here = at.child('ipFamilies').index(i);
    const errors = families.includes(family) ? [] : [notSupported(here, family, families)];
    return named.indexOf(family) < i ? [...errors, duplicate(here, family)] : errors;
  });
}

function validateAddresses({ spec }: Service, kept: readonly string[] = []): FieldError[] {
  const ips = spec.clusterIPs ?? [];
  return ips.flatMap((ip, i) => {
    if (i > 0 || ip !== headless) return validateIp(ip, clusterIpsPath.index(i), kept);
    return ips.length > 1 ? [invalidField(clusterIpsPath, ips, "'None' must be the first and only value")] : [];
  });
}

/** One address a family, and of the family that is named for it. */
function validateMatch(service: Service): FieldError[] {
  const ips = service.spec.clusterIPs ?? [];
  const [first, second] = ips.map((ip) => parseIp(ip)?.family);
  if (ips.length > 1 && first === second) return [invalidField(clusterIpsPath, ips, 'may specify no more than one IP for each IP family')];
  if (isHeadless(service)) return [];
  return ips.flatMap((ip, i) => {
    const family = service.spec.ipFamilies?.[i];
    // What is no family at all is reported as that.
    if (family === undefined || !families.includes(family) || parseIp(ip)?.family === family) return [];
    return [invalidField(clusterIpsPath.index(i), ip, `expected an ${family} value as indicated by \`ipFamilies[${i}]\``)];
  });
}

/** What does not depend on the old state. */
function validateState(service: Service, old: Service | undefined): FieldError[] {
  const { spec } = service;
  const addresses = validateAddresses(service, old?.spec.clusterIPs);
  const errors = [
    ...validateInStep(service),
    ...validateFamilies(service),
    ...validateOptionalEnumerated(spec.ipFamilyPolicy, at.child('ipFamilyPolicy'), policies),
    ...addresses,
  ];
  if ((spec.clusterIPs?.length ?? 0) > 2) errors.push(invalidField(clusterIpsPath, spec.clusterIPs, 'may only hold up to 2 values'));
  return addresses.length > 0 ? errors : [...errors, ...validateMatch(service)];
}

interface Change {
  readonly field: 'clusterIPs' | 'ipFamilies';
  readonly noun: string;
  /** What is said to be wrong, where the number of values changed. */
  readonly shown: readonly string[] | undefined;
}

/** A first value never changes; a second one may come, and may go by going back to a single stack (KEP-563). */
function validateChange({ spec }: Service, old: Service, { field, noun, shown }: Change): FieldError[] {
  const before = old.spec[field] ?? [];
  const now = spec[field] ?? [];
  const first = at.child(field).index(0);
  if (before.length === now.length) {
    const place = (i: number) => (field === 'clusterIPs' ? at.child(field).index(i) : first);
    return before.flatMap((value, i) => (value === now[i] ? [] : [invalidField(place(i), now, 'may not change once set')]));
  }
  const errors: FieldError[] = [];
  if (before.length > now.length && !spec.clusterIPs?.length) errors.push(invalidField(first, null, `primary ${noun} can not be unset`));
  if (before.length > 0 && now.length > 0 && before[0] !== now[0]) errors.push(invalidField(first, shown, 'may not change once set'));
  if (before.length > now.length && now.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    const why = `must be set to 'SingleStack' when releasing the secondary ${noun}`;
    errors.push(invalidField(at.child('ipFamilyPolicy'), spec.ipFamilyPolicy ?? null, why));
  }
  return errors;
}

/**
 * Addresses and families of a service, as its author wants them: looked at before any of them is completed. Services
 * that are only a name have none, see `validateService`.
 */
export function validateClusterIps(service: Service, old: Service | undefined): FieldError[] {
  return isExternalName(service) ? [] : validateState(service, old);
}

/** What became of them, once they are complete. Services that are, or were, headless may change families. */
export function validateClusterIpsChange(service: Service, old: Service): FieldError[] {
  if (isExternalName(service) || isExternalName(old)) return [];
  const [headlessNow, headlessBefore] = [isHeadless(service), isHeadless(old)];
  if (headlessNow && headlessBefore) return [];
  const shown = service.spec.clusterIPs;
  const ips = validateChange(service, old, { field: 'clusterIPs', noun: 'clusterIP', shown });
  if (headlessNow || headlessBefore) return ips;
  return [...ips, ...validateChange(service, old, { field: 'ipFamilies', noun: 'ipFamily', shown })];
}

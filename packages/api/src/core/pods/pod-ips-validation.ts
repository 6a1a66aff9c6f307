import { type FieldError, type FieldPath, internalField, invalidField, path } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { parseIp } from '../../net/ip-address.js';
import { validateIp } from '../../net/ip-validation.js';
import { validateEach } from '../../validation/each.js';

type PodStatus = core.v1.PodStatus;

interface WithIp {
  readonly ip?: string;
}

/** At most one address of each family. */
function validateFamilies(list: readonly WithIp[], at: FieldPath): FieldError[] {
  const ips = list.map(({ ip = '' }) => ip);
  const families = ips.map((ip) => parseIp(ip)?.family);
  const unreadable = families.indexOf(undefined);
  if (ips.length < 2 || (ips.length === 2 && unreadable < 0 && families[0] !== families[1])) return [];
  const unknown = `failed to check for dual stack with error:invalid IP[${unreadable}]: ${ips[unreadable]}`;
  const shown = ips.map((ip) => ({ IP: ip }));
  return [
    ...(unreadable < 0 ? [] : [internalField(at, unknown)]),
    invalidField(at, shown, 'may specify no more than one IP for each IP family'),
  ];
}

/** Addresses that were there before are not looked at again. */
function validateEachIp(list: readonly WithIp[], at: FieldPath, old: readonly WithIp[] = []): FieldError[] {
  const kept = old.map(({ ip = '' }) => ip);
  return validateEach(list, at, ({ ip = '' }, here) => validateIp(ip, here, kept));
}

/** The addresses of a pod, and those of its node. */
export function validateIps({ podIPs = [], hostIP = '', hostIPs = [] }: PodStatus, old: PodStatus): FieldError[] {
  const [podPath, hostPath] = [path('status', 'podIPs'), path('status', 'hostIPs')];
  const first = hostIPs[0]?.ip ?? '';
  return [
    ...validateEachIp(podIPs, podPath, old.podIPs),
    ...validateFamilies(podIPs, podPath),
    ...(hostIPs.length > 0 && first !== hostIP ? [invalidField(hostPath.index(0).child('ip'), first, 'must be equal to `hostIP`')] : []),
    ...validateEachIp(hostIPs, hostPath, old.hostIPs),
    ...validateFamilies(hostIPs, hostPath),
  ];
}

import { duplicate, type FieldError, type FieldPath, invalidField, path } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { parseIp } from '../../net/ip-address.js';
import { validateIp } from '../../net/ip-validation.js';
import { validateEach } from '../../validation/each.js';

type PodStatus = core.v1.PodStatus;

interface WithIp {
  readonly ip?: string;
}

function familyOf(ip: string): string {
  const address = parseIp(ip);
  return address === undefined ? 'none' : address.family;
}

/** At most one address of each family. */
function validateFamilies(list: readonly WithIp[], at: FieldPath): FieldError[] {
  const ips = list.map(({ ip = '' }) => ip);
  if (ips.length < 2 || (ips.length === 2 && new Set(ips.map(familyOf)).size === 2)) return [];
  const shown = ips.map((ip) => ({ IP: ip }));
  return [invalidField(at, shown, 'may specify no more than one IP for each IP family')];
}

function validateDifferent(list: readonly WithIp[], at: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return validateEach(list, at, ({ ip = '' }, here) => (seen.size === seen.add(ip).size ? [duplicate(here, { IP: ip })] : []));
}

/** The addresses of a pod, and those of its node. */
export function validateIps({ podIPs = [], hostIP = '', hostIPs = [] }: PodStatus): FieldError[] {
  const [podPath, hostPath] = [path('status', 'podIPs'), path('status', 'hostIPs')];
  const first = hostIPs[0]?.ip ?? '';
  const one = ({ ip = '' }: WithIp, here: FieldPath) => validateIp(ip, here);
  return [
    ...validateEach(podIPs, podPath, one),
    ...validateFamilies(podIPs, podPath),
    ...validateDifferent(podIPs, podPath),
    ...(hostIPs.length > 0 && first !== hostIP ? [invalidField(hostPath.index(0).child('ip'), first, 'must be equal to `hostIP`')] : []),
    ...validateEach(hostIPs, hostPath, one),
    ...validateDifferent(hostIPs, hostPath),
    ...validateFamilies(hostIPs, hostPath),
  ];
}

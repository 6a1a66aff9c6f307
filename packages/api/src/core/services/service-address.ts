import type { networking } from '@keelson/schema';
import { parseIp } from '../../net/ip-address.js';

type IPAddress = networking.v1.IPAddress;

/** The service that has an address. */
export interface IpOwner {
  readonly namespace: string;
  readonly name: string;
}

const managedByLabel = 'ipaddress.kubernetes.io/managed-by';
const managedByAllocator = 'ipallocator.k8s.io';
const familyLabel = 'ipaddress.kubernetes.io/ip-family';

/** What stands for the fact that a service has an address (KEP-1880). `ip` is canonical. */
export function serviceAddress(ip: string, { namespace, name }: IpOwner): IPAddress {
  return {
    metadata: { name: ip, labels: { [familyLabel]: familyOf(ip), [managedByLabel]: managedByAllocator } },
    spec: { parentRef: { resource: 'services', namespace, name } },
  };
}

/** The service that an address refers to; undefined when it refers to something else. */
export function serviceOfAddress({ spec }: IPAddress): IpOwner | undefined {
  const { group = '', resource = '', namespace = '', name = '' } = spec.parentRef ?? {};
  return group === '' && resource === 'services' ? { namespace, name } : undefined;
}

export function isSameOwner(one: IpOwner, other: IpOwner): boolean {
  return one.namespace === other.namespace && one.name === other.name;
}

/** Whether it was made for a service, and not by somebody with a use of their own for an address. */
export function isManagedAddress({ metadata }: IPAddress): boolean {
  return metadata.labels?.[managedByLabel] === managedByAllocator;
}

/** Whether it says of itself what one made for a service says. */
export function isLabelledAddress(address: IPAddress): boolean {
  const { name = '', labels } = address.metadata;
  return isManagedAddress(address) && labels?.[familyLabel] === familyOf(name);
}

function familyOf(ip: string): string {
  return parseIp(ip)?.family ?? '';
}

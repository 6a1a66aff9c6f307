import { formatIp, heldIps, type IpOwner, type IpRange, parseIp, parseIpRange, serviceAddress } from '@keelson/api';
import { type GroupVersionResource, hasReason } from '@keelson/machinery';
import type { core, networking } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';

type Service = core.v1.Service;
type IPAddress = networking.v1.IPAddress;
type ServiceCIDR = networking.v1.ServiceCIDR;

const SERVICES: GroupVersionResource = { group: '', version: 'v1', resource: 'services' };
const ADDRESSES: GroupVersionResource = { group: 'networking.k8s.io', version: 'v1', resource: 'ipaddresses' };
const SERVICE_CIDRS: GroupVersionResource = { group: 'networking.k8s.io', version: 'v1', resource: 'servicecidrs' };

/** `any` is fast and may be old: what is wrong by it must be read again. */
export type Age = 'any' | 'consistent';

/** Services, and the IPAddress objects that say which service has an address. */
export class AddressBook {
  readonly #client: LoopbackClient;

  constructor(client: LoopbackClient) {
    this.#client = client;
  }

  services(): Promise<Service[]> {
    return this.#client.list(SERVICES, '') as Promise<Service[]>;
  }

  addresses(): Promise<IPAddress[]> {
    return this.#client.list(ADDRESSES, '') as Promise<IPAddress[]>;
  }

  /** What addresses of services may be of. */
  async ranges(): Promise<IpRange[]> {
    const cidrs = (await this.#client.list(SERVICE_CIDRS, '')) as ServiceCIDR[];
    return cidrs.flatMap(({ spec }) => (spec.cidrs ?? []).flatMap((cidr) => parseIpRange(cidr) ?? []));
  }

  service({ namespace, name }: IpOwner, at: Age): Promise<Service | undefined> {
    return this.#client.get(SERVICES, namespace, name, { at }) as Promise<Service | undefined>;
  }

  /** `ip` is canonical. */
  address(ip: string, at: Age): Promise<IPAddress | undefined> {
    return this.#client.get(ADDRESSES, '', ip, { at }) as Promise<IPAddress | undefined>;
  }

  /** Another replica that does the same may be faster, or somebody else who wants the address: the next round sees. */
  async add(ip: string, service: Service): Promise<void> {
    try {
      await this.#client.create(ADDRESSES, serviceAddress(ip, ownerOf(service)));
    } catch (error) {
      if (!hasReason(error, 'AlreadyExists')) throw error;
    }
  }

  /** This very object: what was made since under its name stays. */
  remove(address: IPAddress): Promise<void> {
    return this.#client.delete(ADDRESSES, address);
  }
}

export function ownerOf({ metadata }: Service): IpOwner {
  return { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
}

export function ownerText({ namespace, name }: IpOwner): string {
  return `${namespace}/${name}`;
}

/** `ip` is canonical; a service has it as its author wrote it. */
export function hasIp(service: Service, ip: string): boolean {
  return heldIps(service).some((text) => {
    const address = parseIp(text);
    return address !== undefined && formatIp(address) === ip;
  });
}

import {
  formatIp,
  heldIps,
  type IpAddress,
  type IpRange,
  isLabelledAddress,
  isSameOwner,
  offersServiceIp,
  parseIp,
  serviceOfAddress,
} from '@keelson/api';
import type { core, networking } from '@keelson/schema';
import { type EventRecorder, referenceTo } from '../events/event-recorder.js';
import { type AddressBook, hasIp, ownerOf, ownerText } from './address-book.js';

type Service = core.v1.Service;
type IPAddress = networking.v1.IPAddress;

/** Sees to it that each address of a service has an object that refers to the service. */
export class ServiceIpRepair {
  readonly #book: AddressBook;
  readonly #recorder: EventRecorder;

  constructor(book: AddressBook, recorder: EventRecorder) {
    this.#book = book;
    this.#recorder = recorder;
  }

  async repair(service: Service, ranges: readonly IpRange[]): Promise<void> {
    for (const text of heldIps(service)) {
      const ip = parseIp(text);
      if (ip === undefined) {
        const note = `Cluster IP ${text} is not a valid IP; please recreate Service`;
        await this.#tell(service, 'ClusterIPNotValid', note, 'ClusterIPValidation');
      } else if (!ranges.some((range) => offersServiceIp(range, ip))) {
        const note = `Cluster IP ${shown(ip)} is not within any configured Service CIDR; please recreate service`;
        await this.#tell(service, 'ClusterIPOutOfRange', note);
      } else {
        await this.#repairIp(service, ip);
      }
    }
  }

  async #repairIp(service: Service, ip: IpAddress): Promise<void> {
    const name = formatIp(ip);
    const cached = await this.#book.address(name, 'any');
    if (cached !== undefined && isFor(cached, service)) return;
    // Something is wrong, or the cache is behind, or the service has just gone and its address with it. As the service
    // is read after the address, one that has the address still had it when the address was read.
    const address = await this.#book.address(name, 'consistent');
    if (!(await this.#stillHas(service, name))) return;
    if (address === undefined) {
      await this.#tell(service, 'ClusterIPNotAllocated', `Cluster IP ${shown(ip)} is not allocated; repairing`);
      await this.#book.add(name, service);
    } else if (!isFor(address, service)) {
      await this.#takeOver(address, service, ip);
    }
  }

  /** Makes an address refer to the service, unless another service has it and is the one referred to. */
  async #takeOver(address: IPAddress, service: Service, ip: IpAddress): Promise<void> {
    const user = serviceOfAddress(address);
    const isReferredTo = user !== undefined && isSameOwner(user, ownerOf(service));
    const other = user !== undefined && !isReferredTo ? await this.#book.service(user, 'consistent') : undefined;
    if (other !== undefined && hasIp(other, formatIp(ip))) {
      const note = `Cluster IP [${ip.family}]:${formatIp(ip)} was assigned to multiple services; please recreate service`;
      await this.#tell(service, 'ClusterIPAlreadyAllocated', note);
      return;
    }
    if (!isReferredTo) {
      const note = `the ClusterIP ${shown(ip)} for Service ${ownerText(ownerOf(service))} has a wrong reference; repairing`;
      await this.#tell(service, 'ClusterIPNotAllocated', note);
    }
    await this.#book.remove(address);
    await this.#book.add(formatIp(ip), service);
  }

  /** Whether it is the same service yet, with the same address. */
  async #stillHas(service: Service, ip: string): Promise<boolean> {
    const now = await this.#book.service(ownerOf(service), 'consistent');
    return now !== undefined && now.metadata.uid === service.metadata.uid && hasIp(now, ip);
  }

  #tell(service: Service, reason: string, note: string, action = 'ClusterIPAllocation'): Promise<void> {
    return this.#recorder.warn({ regarding: referenceTo('v1', 'Service', service), reason, action, note });
  }
}

function isFor(address: IPAddress, service: Service): boolean {
  const user = serviceOfAddress(address);
  return user !== undefined && isSameOwner(user, ownerOf(service)) && isLabelledAddress(address);
}

function shown(ip: IpAddress): string {
  return `[${ip.family}]: ${formatIp(ip)}`;
}

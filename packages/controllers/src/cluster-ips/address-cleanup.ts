import { type IpOwner, isManagedAddress, serviceOfAddress } from '@keelson/api';
import type { networking } from '@keelson/schema';
import { type EventRecorder, referenceTo } from '../events/event-recorder.js';
import { type AddressBook, hasIp, ownerText } from './address-book.js';

type IPAddress = networking.v1.IPAddress;

/** An address is taken before its service is written, which takes no longer than a request may. */
const GRACE_MS = 60_000;

/** Removes addresses that were made for services and that no service has. Those that others have made are theirs. */
export class AddressCleanup {
  readonly #book: AddressBook;
  readonly #recorder: EventRecorder;

  constructor(book: AddressBook, recorder: EventRecorder) {
    this.#book = book;
    this.#recorder = recorder;
  }

  /** Gives the time in ms after which an address should be looked at again that may be about to be used. */
  async review(address: IPAddress): Promise<number | undefined> {
    if (!isManagedAddress(address)) return undefined;
    const ip = address.metadata.name ?? '';
    const user = serviceOfAddress(address);
    if (user === undefined) {
      const note = `IPAddress ${ip} appears to have been modified, not referencing a Service ${parentText(address)}: cleaning up`;
      await this.#remove(address, 'IPAddressNotAllocated', note);
      return undefined;
    }
    const cached = await this.#book.service(user, 'any');
    if (cached !== undefined && hasIp(cached, ip)) return undefined;
    const graceMs = remainingGraceMs(address);
    if (graceMs >= 0) return graceMs + 1;
    await this.#reviewUse(address, user);
    return undefined;
  }

  async #reviewUse(address: IPAddress, user: IpOwner): Promise<void> {
    const ip = address.metadata.name ?? '';
    const service = await this.#book.service(user, 'consistent');
    const about = `IPAddress: ${ip} for Service ${ownerText(user)}`;
    if (service === undefined) await this.#remove(address, 'IPAddressNotAllocated', `${about} appears to have leaked: cleaning up`);
    else if (!hasIp(service, ip)) await this.#remove(address, 'IPAddressWrongReference', `${about} has a wrong reference; cleaning up`);
  }

  async #remove(address: IPAddress, reason: string, note: string): Promise<void> {
    const regarding = referenceTo('networking.k8s.io/v1', 'IPAddress', address);
    await this.#recorder.warn({ regarding, reason, action: 'IPAddressAllocation', note });
    await this.#book.remove(address);
  }
}

function remainingGraceMs({ metadata }: IPAddress): number {
  return Date.parse(metadata.creationTimestamp ?? '') + GRACE_MS - Date.now();
}

function parentText({ spec }: IPAddress): string {
  const { group = '', resource = '', namespace = '', name = '' } = spec.parentRef ?? {};
  return `&ParentReference{Group:${group},Resource:${resource},Namespace:${namespace},Name:${name},}`;
}

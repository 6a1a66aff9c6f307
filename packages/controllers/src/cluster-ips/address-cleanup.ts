import { isManagedAddress, serviceOfAddress } from '@keelson/api';
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

  async review(address: IPAddress): Promise<void> {
    if (!isManagedAddress(address)) return;
    const ip = address.metadata.name ?? '';
    const user = serviceOfAddress(address);
    if (user === undefined) {
      const note = `IPAddress ${ip} appears to have been modified, not referencing a Service ${parentText(address)}: cleaning up`;
      await this.#remove(address, 'IPAddressNotAllocated', note);
      return;
    }
    const cached = await this.#book.service(user, 'any');
    if ((cached !== undefined && hasIp(cached, ip)) || isYoung(address)) return;
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

function isYoung({ metadata }: IPAddress): boolean {
  return Date.now() - Date.parse(metadata.creationTimestamp ?? '') <= GRACE_MS;
}

function parentText({ spec }: IPAddress): string {
  const { group = '', resource = '', namespace = '', name = '' } = spec.parentRef ?? {};
  return `&ParentReference{Group:${group},Resource:${resource},Namespace:${namespace},Name:${name},}`;
}

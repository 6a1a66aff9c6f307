import { TimeSlice } from '@keelson/machinery';
import type { LoopbackClient } from '@keelson/server';
import { EventRecorder } from '../events/event-recorder.js';
import { RepeatedTask } from '../repeated-task.js';
import { AddressBook } from './address-book.js';
import { AddressCleanup } from './address-cleanup.js';
import { ServiceIpRepair } from './service-ip-repair.js';

const REPAIR_MS = 3 * 60_000;

/**
 * Brings the IPAddress objects in line with the services (KEP-1880), whoever has made them differ: a server that crashed
 * when it had taken an address and not yet written the service, a restored store, a user.
 */
export class ClusterIpRepair {
  readonly #book: AddressBook;
  readonly #services: ServiceIpRepair;
  readonly #cleanup: AddressCleanup;
  readonly #rounds: RepeatedTask;

  constructor(client: LoopbackClient, onFailure: (error: unknown) => void) {
    const recorder = new EventRecorder(client, 'ipallocator-repair-controller', onFailure);
    this.#book = new AddressBook(client);
    this.#services = new ServiceIpRepair(this.#book, recorder);
    this.#cleanup = new AddressCleanup(this.#book, recorder);
    this.#rounds = new RepeatedTask(() => this.repair(), REPAIR_MS, onFailure);
  }

  /** Resolves after the first repair. */
  start(): Promise<void> {
    return this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** One round. */
  async repair(): Promise<void> {
    const slice = new TimeSlice();
    const ranges = await this.#book.ranges();
    for (const service of await this.#book.services()) {
      await this.#services.repair(service, ranges);
      if (slice.spent()) await slice.next();
    }
    for (const address of await this.#book.addresses()) {
      const againMs = await this.#cleanup.review(address);
      if (againMs !== undefined) this.#rounds.nextWithin(againMs);
      if (slice.spent()) await slice.next();
    }
  }
}

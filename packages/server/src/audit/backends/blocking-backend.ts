import type { AuditEvent } from '../audit-event.js';
import type { LostEvents } from '../lost-events.js';
import type { AuditBackend } from './audit-backend.js';
import type { AuditOutput } from './audit-output.js';
import { HeldRecords } from './held-records.js';

/** Requests wait for each of their events; when it is `strict`, those whose event is lost are not served. */
export class BlockingBackend implements AuditBackend {
  readonly #output: AuditOutput;
  readonly #lost: LostEvents;
  readonly #strict: boolean;
  readonly #held = new HeldRecords();

  constructor(output: AuditOutput, lost: LostEvents, strict: boolean) {
    this.#output = output;
    this.#lost = lost;
    this.#strict = strict;
  }

  process(event: AuditEvent): Promise<boolean> | boolean {
    const record = this.#output.record(event);
    return this.#held.tryAdd(record) ? this.#write([record]) : this.#lose(new Error('too many events wait to be written'));
  }

  async close(late: AbortSignal): Promise<void> {
    await this.#held.none(late);
    await this.#output.close();
  }

  async #write(records: readonly Buffer[]): Promise<boolean> {
    try {
      await this.#output.write(records);
      return true;
    } catch (error) {
      return this.#lose(error);
    } finally {
      this.#held.delete(records);
    }
  }

  #lose(error: unknown): boolean {
    this.#lost.add(this.#output.name, 1, error);
    return !this.#strict;
  }
}

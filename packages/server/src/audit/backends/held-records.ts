import { aborted } from './aborted.js';

/** What records may take that wait for a slow output; what comes beyond is lost, and counted. */
const LIMIT_BYTES = 64 * 1024 * 1024;

/** Counts the records that were taken and are not yet written: how much there is of them is bounded. */
export class HeldRecords {
  #count = 0;
  #bytes = 0;
  #waiting: (() => void)[] = [];

  /** False: there is no room for it. */
  tryAdd(record: Buffer, limitBytes = LIMIT_BYTES): boolean {
    if (this.#bytes + record.length > limitBytes) return false;
    this.#count++;
    this.#bytes += record.length;
    return true;
  }

  /** They are written, or lost. */
  delete(records: readonly Buffer[]): void {
    this.#count -= records.length;
    for (const { length } of records) this.#bytes -= length;
    if (this.#count > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves when none is held, or when it is too late for that. */
  async none(late: AbortSignal): Promise<void> {
    if (this.#count > 0) await Promise.race([new Promise<void>((resolve) => this.#waiting.push(resolve)), aborted(late)]);
  }
}

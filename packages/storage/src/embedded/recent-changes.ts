import type { Revision } from '../kv.js';
import type { ChangeRecord } from './change-record.js';

export interface RecentChange extends ChangeRecord {
  readonly modRevision: Revision;
  /** Absent for deletes. */
  readonly value?: Buffer;
}

const MAX_CHANGES = 2048;
const MAX_BYTES = 8 * 1024 * 1024;

/** The last changes, in memory, so that watches which keep up never read the disk. Revisions have no gaps. */
export class RecentChanges {
  #changes: RecentChange[] = [];
  #bytes = 0;

  add(changes: readonly RecentChange[]): void {
    this.#changes.push(...changes);
    for (const change of changes) this.#bytes += sizeOf(change);
    if (this.#changes.length > MAX_CHANGES || this.#bytes > MAX_BYTES) this.#trim();
  }

  /** Changes from `from` on; undefined when some are no longer here. */
  since(from: Revision): readonly RecentChange[] | undefined {
    const first = this.#changes[0]?.modRevision;
    if (first === undefined || from < first) return undefined;
    return this.#changes.slice(from - first);
  }

  /** Drops to half of the bounds, so that trimming is rare. */
  #trim(): void {
    let drop = 0;
    while (this.#changes.length - drop > MAX_CHANGES / 2 || this.#bytes > MAX_BYTES / 2) {
      this.#bytes -= sizeOf(this.#changes[drop++] as RecentChange);
    }
    this.#changes = this.#changes.slice(drop);
  }
}

function sizeOf(change: RecentChange): number {
  return change.value?.length ?? 0;
}

import type { Revision } from '../kv.js';

export interface RetentionOptions {
  /**
   * History at least this old is discarded.
   * @default 300_000 (as kube-apiserver's --etcd-compaction-interval)
   */
  readonly historyMs?: number;
  /**
   * History of more revisions than this is discarded even when it is younger, which bounds the store under churn.
   * @default 100_000
   */
  readonly historyRevisions?: number;
}

interface Mark {
  readonly atMs: number;
  readonly revision: Revision;
}

/** Marks taken per `historyMs`: history is kept up to this part of it longer. */
const MARKS = 10;
/** Surplus that makes discarding by number worth while, as a part of `historyRevisions`. */
const SLACK = 0.1;

/** Keeps a store's history short by compacting it from time to time. Its timer does not keep the process alive. */
export class Retention {
  readonly #historyMs: number;
  readonly #historyRevisions: number;
  readonly #compact: (revision: Revision) => Promise<void>;
  readonly #timer: NodeJS.Timeout;
  #marks: Mark[] = [];
  #revision: Revision;
  #compacted: Revision;
  #running = false;

  /** `compact` is called with rising revisions, one call at a time; a failure is a process warning, and tried again later. */
  constructor(
    start: { readonly compacted: Revision; readonly current: Revision },
    options: RetentionOptions,
    compact: (revision: Revision) => Promise<void>,
  ) {
    this.#historyMs = options.historyMs ?? 300_000;
    this.#historyRevisions = options.historyRevisions ?? 100_000;
    this.#compact = compact;
    this.#revision = start.current;
    this.#compacted = start.compacted;
    this.#timer = setInterval(() => this.#tick(), this.#historyMs / MARKS);
    this.#timer.unref();
    this.#tick();
  }

  /** Tells of the store's current revision, after every write. */
  observe(revision: Revision): void {
    this.#revision = revision;
    if (revision - this.#compacted > this.#historyRevisions * (1 + SLACK)) this.#discardBefore(revision - this.#historyRevisions);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#running = true;
  }

  #tick(): void {
    const nowMs = performance.now();
    const due = this.#marks.findLast((mark) => mark.atMs <= nowMs - this.#historyMs);
    if (due !== undefined) this.#discardBefore(due.revision);
    this.#marks = this.#marks.filter((mark) => mark.revision > this.#compacted);
    if (this.#marks.at(-1)?.revision !== this.#revision) this.#marks.push({ atMs: nowMs, revision: this.#revision });
  }

  #discardBefore(revision: Revision): void {
    if (this.#running || revision <= this.#compacted) return;
    this.#running = true;
    this.#compact(revision)
      .then(() => {
        this.#compacted = revision;
      })
      .catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error), 'StorageCompactionWarning'))
      .finally(() => {
        this.#running = false;
      });
  }
}

import type { AuditEvent } from '../audit-event.js';
import { jsonLineBytes } from '../event-line.js';
import type { LostEvents } from '../lost-events.js';
import type { AuditBackend } from './audit-backend.js';

/** `--audit-*-truncate-max-event-size`: events beyond it lose their objects, and are lost when that is not enough. */
export class TruncatingBackend implements AuditBackend {
  readonly #delegate: AuditBackend;
  readonly #maxEventBytes: number;
  readonly #lost: LostEvents;

  constructor(delegate: AuditBackend, maxEventBytes: number, lost: LostEvents) {
    this.#delegate = delegate;
    this.#maxEventBytes = maxEventBytes;
    this.#lost = lost;
  }

  process(event: AuditEvent): Promise<boolean> | boolean {
    const { level } = event.fields;
    const mayShrink = jsonLineBytes(event) > this.#maxEventBytes && level !== 'Metadata';
    const kept = mayShrink ? event.truncated() : event;
    if (jsonLineBytes(kept) <= this.#maxEventBytes) return this.#delegate.process(kept);
    this.#lost.add('truncate', 1, new Error('event is too large even after truncating'));
    return true;
  }

  close(late: AbortSignal): Promise<void> {
    return this.#delegate.close(late);
  }
}

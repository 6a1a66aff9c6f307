import type { AuditEvent } from '../audit-event.js';
import type { AuditBackend } from './audit-backend.js';

/** Gives every event to all of several backends; an event that one of them loses is lost. */
export class UnionBackend implements AuditBackend {
  readonly #backends: readonly AuditBackend[];

  constructor(backends: readonly AuditBackend[]) {
    this.#backends = backends;
  }

  process(event: AuditEvent): Promise<boolean> | boolean {
    const stored = this.#backends.map((backend) => backend.process(event));
    if (stored.some((one) => one instanceof Promise)) return Promise.all(stored).then((all) => all.every(Boolean));
    return stored.every(Boolean);
  }

  async close(late: AbortSignal): Promise<void> {
    await Promise.all(this.#backends.map((backend) => backend.close(late)));
  }
}

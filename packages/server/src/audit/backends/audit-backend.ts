import type { AuditEvent } from '../audit-event.js';

/** Takes the events of requests. */
export interface AuditBackend {
  /**
   * False when the event is lost and no request may be served without it. A promise only where requests are to wait
   * for their events.
   */
  process(event: AuditEvent): Promise<boolean> | boolean;
  /** Gets out what it still holds, until `late` is aborted. What comes after this is lost. */
  close(late: AbortSignal): Promise<void>;
}

import type { AuditEvent } from '../audit-event.js';
import type { AuditBackend } from '../backends/audit-backend.js';

/** An event as its JSON says. */
export interface RecordedEvent {
  readonly stage: string;
  readonly auditID: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

/** Keeps events as they are read. */
export class RecordingBackend implements AuditBackend {
  readonly events: RecordedEvent[] = [];
  isClosed = false;

  process({ body }: AuditEvent): boolean {
    this.events.push(JSON.parse(body.toString()) as RecordedEvent);
    return true;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  /** Events of one request. */
  of(auditId: string): RecordedEvent[] {
    return this.events.filter(({ auditID }) => auditID === auditId);
  }
}

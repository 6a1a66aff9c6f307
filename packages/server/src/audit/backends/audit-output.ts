import type { AuditEvent } from '../audit-event.js';

/** Where records of events end up: a file, another server. */
export interface AuditOutput {
  /** What metrics and messages call it. */
  readonly name: 'log' | 'webhook';
  /** An event as it is written here. */
  record(event: AuditEvent): Buffer;
  /** Rejects when the records are lost. */
  write(records: readonly Buffer[]): Promise<void>;
  /** Gives up what is still being written. */
  close(): Promise<void>;
}

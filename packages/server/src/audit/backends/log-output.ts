import type { AuditEvent } from '../audit-event.js';
import { type AuditLogFormat, eventLine } from '../event-line.js';
import type { AuditOutput } from './audit-output.js';
import { GroupedWrites } from './grouped-writes.js';

/** Something that bytes are added to, one piece after the other. */
export interface Appendable {
  /** The most that is taken at once. */
  readonly maxBytes: number;
  append(bytes: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** `--audit-log-path`: a line an event. */
export class LogOutput implements AuditOutput {
  readonly name = 'log';
  readonly #target: Appendable;
  readonly #writes: GroupedWrites;
  readonly #format: AuditLogFormat;

  constructor(target: Appendable, format: AuditLogFormat) {
    this.#target = target;
    this.#writes = new GroupedWrites(target);
    this.#format = format;
  }

  record(event: AuditEvent): Buffer {
    return eventLine(event, this.#format);
  }

  write(records: readonly Buffer[]): Promise<void> {
    return this.#writes.write(records);
  }

  close(): Promise<void> {
    return this.#target.close();
  }
}

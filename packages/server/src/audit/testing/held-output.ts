import type { AuditEvent } from '../audit-event.js';
import type { AuditOutput } from '../backends/audit-output.js';

interface Held {
  readonly records: readonly string[];
  finish(): void;
  fail(error: Error): void;
}

/** An output that writes when it is told to: a disk or a server that hangs. Records are audit ids. */
export class HeldOutput implements AuditOutput {
  readonly name = 'log';
  /** Writes under way, the first one first. */
  readonly held: Held[] = [];
  readonly written: (readonly string[])[] = [];
  isClosed = false;

  /** `bytes`: what a record takes, filled up with zeros. */
  constructor(readonly bytes = 0) {}

  record({ fields }: AuditEvent): Buffer {
    const record = Buffer.from(fields.auditId);
    return Buffer.concat([record, Buffer.alloc(Math.max(0, this.bytes - record.length))]);
  }

  write(records: readonly Buffer[]): Promise<void> {
    const ids = records.map((record) => record.toString().replaceAll('\0', ''));
    return new Promise((resolve, reject) => {
      const finish = () => {
        this.written.push(ids);
        resolve();
      };
      this.held.push({ records: ids, finish, fail: reject });
    });
  }

  /** Lets the first write end. */
  async finish(): Promise<void> {
    this.held.shift()?.finish();
    await settled();
  }

  async fail(error: Error): Promise<void> {
    this.held.shift()?.fail(error);
    await settled();
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

/** After everything that only waits for promises. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import { Writable } from 'node:stream';

/** What may wait for a slow terminal, pipe or disk before lines are dropped. */
const defaultLimitBytes = 1024 * 1024;

/**
 * Writes lines to a stream that may be slow without ever waiting for it or holding more than a limit: lines beyond it
 * are dropped, counted, and reported once there is room again.
 */
export class BoundedSink extends Writable {
  readonly #target: NodeJS.WritableStream & { readonly writableLength: number };
  readonly #limitBytes: number;
  #droppedSinceReport = 0;
  /** Lines dropped since the start. */
  dropped = 0;

  constructor(target: NodeJS.WritableStream & { readonly writableLength: number }, limitBytes = defaultLimitBytes) {
    super({ decodeStrings: false });
    this.#target = target;
    this.#limitBytes = limitBytes;
    // A log that nobody can read any more must not end the server.
    target.on('error', () => this.#drop());
  }

  override _write(line: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#target.writableLength > this.#limitBytes) this.#drop();
    else {
      this.#reportDropped();
      this.#target.write(line);
    }
    done();
  }

  #drop(): void {
    this.dropped++;
    this.#droppedSinceReport++;
  }

  #reportDropped(): void {
    if (this.#droppedSinceReport === 0) return;
    this.#target.write(`dropped ${this.#droppedSinceReport} log lines\n`);
    this.#droppedSinceReport = 0;
  }
}

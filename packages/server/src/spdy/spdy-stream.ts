import { Duplex } from 'node:stream';
import type { SpdyHeaders } from './header-codec.js';

/** What a stream asks of its connection. */
export interface StreamOwner {
  send(streamId: number, chunk: Buffer, fin: boolean, done: (error?: Error | null) => void): void;
  /** The stream is of no more use to this side; `reset`: before both directions had ended. */
  forget(streamId: number, reset: boolean): void;
}

/** One stream of a SPDY connection. Each direction ends by itself. */
export class SpdyStream extends Duplex {
  readonly id: number;
  /** With which it was opened. */
  readonly headers: SpdyHeaders;
  readonly #owner: StreamOwner;
  #onRead: () => void = () => undefined;
  #ended = { here: false, there: false };

  constructor(id: number, headers: SpdyHeaders, owner: StreamOwner) {
    super({ allowHalfOpen: true, autoDestroy: true });
    this.id = id;
    this.headers = headers;
    this.#owner = owner;
  }

  /** Takes what came for it. A promise: until its reader wants more. */
  receive(chunk: Buffer, fin: boolean): Promise<void> | undefined {
    if (this.#ended.there || this.destroyed) return undefined;
    const wantsMore = chunk.length === 0 || this.push(chunk);
    if (fin) this.endReading();
    if (wantsMore || fin) return undefined;
    return new Promise((resolve) => {
      this.#onRead = resolve;
    });
  }

  /** Nothing comes any more: the other side has said so, or is gone. */
  endReading(): void {
    if (this.#ended.there) return;
    this.#ended.there = true;
    this.push(null);
  }

  override _read(): void {
    this.#onRead();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#owner.send(this.id, chunk, false, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#ended.here = true;
    this.#owner.send(this.id, Buffer.alloc(0), true, done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#onRead();
    this.#owner.forget(this.id, !this.#ended.here || !this.#ended.there);
    done(error);
  }
}

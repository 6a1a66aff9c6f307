import { Duplex } from 'node:stream';
import { RpcError } from '../rpc-error.js';
import { PacketType } from './packets.js';
import type { Tunnel } from './tunnel.js';

/** What one packet carries at most: far below what any proxy takes. */
const MAX_DATA_BYTES = 64 << 10;
/** How long the other side has to confirm that a connection is closed. */
const CLOSE_TIMEOUT_MS = 10_000;

/** A connection through a tunnel, with the methods of sockets that clients of HTTP call. There is no closing of one direction only. */
export class TunnelConnection extends Duplex {
  readonly #tunnel: Tunnel;
  readonly #id: number;
  #idle: NodeJS.Timeout | undefined;
  #closing: NodeJS.Timeout | undefined;
  /** The other side is gone. */
  #ended = false;
  timeout = 0;

  constructor(tunnel: Tunnel, id: number) {
    super({ allowHalfOpen: false });
    this.#tunnel = tunnel;
    this.#id = id;
    tunnel.receive({
      packet: ({ type, data, closeResponse }) => {
        if (type === PacketType.data && data?.connectID === id) this.#take(data.data);
        else if (type === PacketType.closeResponse && closeResponse?.connectID === id) this.#closed();
      },
      end: (error) => (error === undefined ? this.#closed() : this.destroy(RpcError.of(error))),
    });
  }

  override _read(): void {
    this.#tunnel.resume();
  }

  override _write(data: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#use();
    const rest = data.length > MAX_DATA_BYTES ? data.subarray(MAX_DATA_BYTES) : undefined;
    this.#tunnel.send({ type: PacketType.data, data: { connectID: this.#id, data: data.subarray(0, MAX_DATA_BYTES) } }, () => {
      if (rest === undefined) done();
      else this._write(rest, _encoding, done);
    });
  }

  override _final(done: (error?: Error | null) => void): void {
    if (!this.#ended) {
      this.#requestClose();
      this.#closing = setTimeout(() => this.destroy(), CLOSE_TIMEOUT_MS).unref();
    }
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#closing);
    if (!this.#ended && !this.writableFinished) this.#requestClose();
    this.#tunnel.close();
    done(error);
  }

  setTimeout(timeoutMs: number, onTimeout?: () => void): this {
    this.timeout = timeoutMs;
    clearTimeout(this.#idle);
    this.#idle = timeoutMs > 0 ? setTimeout(() => this.emit('timeout'), timeoutMs).unref() : undefined;
    if (onTimeout) this.once('timeout', onTimeout);
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  #take(data: Buffer): void {
    this.#use();
    if (!this.push(data)) this.#tunnel.pause();
  }

  #requestClose(): void {
    this.#tunnel.send({ type: PacketType.closeRequest, closeRequest: { connectID: this.#id } });
  }

  /** What was received before is still read. */
  #closed(): void {
    this.#ended = true;
    this.push(null);
  }

  #use(): void {
    this.#idle?.refresh();
  }
}

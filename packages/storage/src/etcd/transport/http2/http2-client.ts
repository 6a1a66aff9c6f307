import type { EtcdSettings } from '../../etcd-options.js';
import { clientClosed, notSent } from '../not-sent.js';
import { CallError } from '../transport.js';
import { unanswered } from './call-errors.js';
import { Http2Connection } from './connection.js';
import { Deadlines } from './deadlines.js';
import type { Field } from './hpack.js';
import { openSocket } from './open-socket.js';
import { RequestHeaders } from './request-headers.js';
import { type CallOwner, UnaryCall } from './unary-call.js';

/** Time between two attempts to connect; who calls before the next one is told why the last one failed. */
const ATTEMPT_EVERY_MS = 100;

/** The metadata of every call, the credentials included; rejects with what `openSocket` could reject with. */
export type MetadataSource = (deadlineMs: number) => Promise<readonly Field[]>;

/** Unary calls of gRPC to one member, over a connection of their own. */
export class Http2Client implements CallOwner {
  readonly #endpoint: string;
  readonly #settings: EtcdSettings;
  readonly #metadata: MetadataSource;
  readonly #deadlines = new Deadlines<UnaryCall>((call) => this.#expire(call));
  /** Calls that no connection has taken. */
  readonly #waiting = new Set<UnaryCall>();
  #connection: Http2Connection | undefined;
  #attempt: AbortController | undefined;
  #attemptedAtMs = Number.NEGATIVE_INFINITY;
  #failure: unknown;
  #closed = false;

  constructor(endpoint: string, settings: EtcdSettings, metadata: MetadataSource) {
    this.#endpoint = endpoint;
    this.#settings = settings;
    this.#metadata = metadata;
  }

  /** The message may be part of a larger buffer. Rejects with `CallError`. */
  unary(path: string, message: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => this.#take(new UnaryCall({ path, message, timeoutMs }, this, resolve, reject)));
  }

  settled(call: UnaryCall): void {
    this.#deadlines.delete(call);
    this.#waiting.delete(call);
  }

  /** The next call gets a new connection; what runs on this one may end. */
  reset(): void {
    this.#attempt?.abort(new Error('the connection was dropped'));
    this.#attempt = undefined;
    this.#attemptedAtMs = Number.NEGATIVE_INFINITY;
    this.#failWaiting(notSent(this.#endpoint, new Error('the connection was dropped')));
    this.#connection?.retire();
  }

  close(): void {
    this.#closed = true;
    this.reset();
  }

  #take(call: UnaryCall): void {
    this.#deadlines.add(call);
    if (this.#closed) call.fail(clientClosed());
    else if (this.#waiting.size === 0 && this.#connection?.hasRoom) this.#connection.start(call);
    else {
      this.#waiting.add(call);
      this.#connect();
    }
  }

  #startWaiting(): void {
    if (this.#waiting.size === 0) return;
    for (const call of this.#waiting) {
      if (!this.#connection?.hasRoom) return;
      this.#waiting.delete(call);
      this.#connection.start(call);
    }
  }

  #connect(): void {
    if (this.#connection !== undefined || this.#attempt !== undefined) return;
    if (performance.now() < this.#attemptedAtMs + ATTEMPT_EVERY_MS) this.#failWaiting(notSent(this.#endpoint, this.#failure));
    else this.#attemptToConnect();
  }

  #attemptToConnect(): void {
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#attemptedAtMs = performance.now();
    const timer = setTimeout(() => attempt.abort(new Error('no connection in time')), this.#settings.attemptTimeoutMs);
    this.#open(attempt.signal)
      .then(
        (connection) => this.#opened(connection, attempt),
        (error: unknown) => this.#failed(error, attempt),
      )
      .finally(() => clearTimeout(timer));
  }

  async #open(signal: AbortSignal): Promise<Http2Connection> {
    const url = new URL(this.#endpoint);
    const metadata = await this.#metadata(Date.now() + this.#settings.attemptTimeoutMs);
    const socket = await openSocket(url, this.#settings, signal);
    const connection = new Http2Connection(socket, {
      endpoint: this.#endpoint,
      headers: new RequestHeaders({ scheme: url.protocol === 'https:' ? 'https' : 'http', authority: url.host }, metadata),
      onRoom: () => this.#startWaiting(),
      onRetired: (retired) => this.#retired(retired),
    });
    const abort = () => connection.destroy(signal.reason);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    await connection.opened;
    signal.removeEventListener('abort', abort);
    return connection;
  }

  #opened(connection: Http2Connection, attempt: AbortController): void {
    if (this.#attempt !== attempt) connection.retire();
    else if (connection.isRetired) this.#failed(new Error('the peer closed the connection'), attempt);
    else {
      this.#attempt = undefined;
      this.#failure = new Error('the connection was lost');
      this.#connection = connection;
      this.#startWaiting();
    }
  }

  #failed(error: unknown, attempt: AbortController): void {
    if (this.#attempt !== attempt) return;
    this.#attempt = undefined;
    this.#failure = error;
    this.#failWaiting(error instanceof CallError ? error : notSent(this.#endpoint, error));
  }

  #retired(connection: Http2Connection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    if (this.#waiting.size > 0) this.#connect();
  }

  #failWaiting(error: CallError): void {
    for (const call of [...this.#waiting]) call.fail(error);
  }

  #expire(call: UnaryCall): void {
    if (call.connection !== undefined) call.connection.abort(call, unanswered(call.request.timeoutMs));
    else call.fail(notSent(this.#endpoint, new Error(this.#connection ? 'no room for the call in time' : 'no connection in time')));
  }
}

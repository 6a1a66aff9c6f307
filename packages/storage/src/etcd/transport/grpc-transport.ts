import { type ClientDuplexStream, type ServiceError, status } from '@grpc/grpc-js';
import type { EtcdSettings } from '../etcd-options.js';
import { GrpcConnection, METADATA } from './grpc-connection.js';
import { clientClosed, notSent } from './not-sent.js';
import { CallError, type StreamCall, type StreamReceiver, type Transport } from './transport.js';

/** A channel that is not connected for this long is replaced: channels can get stuck (grpc-node#2785). */
const STUCK_AFTER_MS = 5000;

/** Calls over grpc-js, in bytes: messages are encoded and decoded by the caller. */
export class GrpcTransport implements Transport {
  readonly endpoint: string;
  readonly #settings: EtcdSettings;
  readonly #streams = new Set<GrpcStream>();
  #connection: GrpcConnection | undefined;
  #notReadySinceMs: number | undefined;
  #closed = false;

  constructor(endpoint: string, settings: EtcdSettings) {
    this.endpoint = endpoint;
    this.#settings = settings;
  }

  async unary(path: string, request: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    const deadlineMs = Date.now() + timeoutMs;
    const { client, metadata } = this.#connect().ready ?? (await this.#connected(deadlineMs));
    this.#notReadySinceMs = undefined;
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(path, asBuffer, identity, request, metadata, { deadline: deadlineMs }, (error, response) => {
        if (error) reject(callError(error));
        else resolve(response as Buffer);
      });
    });
  }

  /** What every call says beside its request, the credentials included. Connects only to log in. */
  async metadata(deadlineMs: number): Promise<readonly (readonly [name: string, value: string])[]> {
    if (this.#settings.auth === undefined) return METADATA;
    const connection = this.#connect();
    try {
      return await connection.credentials(deadlineMs);
    } catch (error) {
      // The next one logs in anew.
      if (this.#connection === connection) this.reset();
      throw notSent(this.endpoint, error);
    }
  }

  stream(path: string, receiver: StreamReceiver): StreamCall {
    const stream = new GrpcStream(receiver, () => this.#streams.delete(stream));
    this.#streams.add(stream);
    void this.#openStream(path, stream);
    return stream;
  }

  async #openStream(path: string, stream: GrpcStream): Promise<void> {
    try {
      const { client, metadata } = this.#connect().ready ?? (await this.#connected(Date.now() + this.#settings.attemptTimeoutMs));
      this.#notReadySinceMs = undefined;
      stream.open(() => client.makeBidiStreamRequest(path, asBuffer, identity, metadata, {}));
    } catch (error) {
      stream.fail(error instanceof CallError ? error : notSent(this.endpoint, error));
    }
  }

  reset(): void {
    const error = new CallError(status.UNAVAILABLE, `connection to ${this.endpoint} was dropped`, true);
    this.#connection?.close();
    this.#connection = undefined;
    this.#notReadySinceMs = undefined;
    for (const stream of [...this.#streams]) stream.fail(error);
  }

  close(): void {
    this.#closed = true;
    this.reset();
  }

  #connect(): GrpcConnection {
    if (this.#closed) throw clientClosed();
    if (this.#notReadySinceMs !== undefined && performance.now() - this.#notReadySinceMs > STUCK_AFTER_MS) this.reset();
    try {
      this.#connection ??= new GrpcConnection(this.endpoint, this.#settings);
    } catch (error) {
      throw notSent(this.endpoint, error);
    }
    return this.#connection;
  }

  async #connected(deadlineMs: number): Promise<NonNullable<GrpcConnection['ready']>> {
    this.#notReadySinceMs ??= performance.now();
    const connection = this.#connect();
    try {
      await connection.becomeReady(deadlineMs);
    } catch (error) {
      throw notSent(this.endpoint, error);
    }
    const ready = connection.ready;
    if (ready === undefined) throw notSent(this.endpoint, undefined);
    return ready;
  }
}

/** A stream that can be written to before it is open. */
class GrpcStream implements StreamCall {
  readonly #receiver: StreamReceiver;
  readonly #closed: () => void;
  #call: ClientDuplexStream<Uint8Array, Uint8Array> | undefined;
  #unsent: Uint8Array[] = [];
  #paused = false;
  #ended = false;

  constructor(receiver: StreamReceiver, closed: () => void) {
    this.#receiver = receiver;
    this.#closed = closed;
  }

  open(start: () => ClientDuplexStream<Uint8Array, Uint8Array>): void {
    if (this.#ended) return;
    const call = start();
    this.#call = call;
    call.on('data', (bytes: Uint8Array) => {
      if (!this.#ended) this.#receiver.message(bytes);
    });
    call.on('error', (error: ServiceError) => this.fail(callError(error)));
    call.on('end', () => this.fail(new CallError(status.UNAVAILABLE, 'the stream ended', true)));
    if (this.#paused) call.pause();
    for (const message of this.#unsent) call.write(message);
    this.#unsent = [];
  }

  send(message: Uint8Array): void {
    if (this.#call === undefined) this.#unsent.push(message);
    else if (!this.#ended) this.#call.write(message);
  }

  pause(): void {
    this.#paused = true;
    this.#call?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#call?.resume();
  }

  fail(error: CallError): void {
    if (this.#ended) return;
    this.cancel();
    this.#receiver.end(error);
  }

  cancel(): void {
    this.#ended = true;
    this.#call?.cancel();
    this.#closed();
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function identity(bytes: Buffer): Uint8Array {
  return bytes;
}

function callError(error: ServiceError): CallError {
  return new CallError(error.code, error.details, !neverSent(error), { cause: error });
}

/** The one failure grpc-js reports before a call is given to a connection; anything else may have reached etcd. */
function neverSent(error: ServiceError): boolean {
  return error.code === status.UNAVAILABLE && error.details.startsWith('No connection established');
}

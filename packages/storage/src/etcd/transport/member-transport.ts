import type { EtcdSettings } from '../etcd-options.js';
import { RANGE } from '../wire/range.js';
import { TXN } from '../wire/txn.js';
import { GrpcTransport } from './grpc-transport.js';
import { Http2Client } from './http2/http2-client.js';
import type { StreamCall, StreamReceiver, Transport } from './transport.js';

/** Calls that every request of a client leads to. */
const FREQUENT: ReadonlySet<string> = new Set([RANGE, TXN]);

/**
 * The way to one member. Its frequent calls go over a connection that does nothing else, and costs a fraction of what grpc-js
 * does; all others, and the login, are left to grpc-js and etcd3.
 */
export class MemberTransport implements Transport {
  readonly endpoint: string;
  readonly #grpc: GrpcTransport;
  readonly #frequent: Http2Client;

  constructor(endpoint: string, settings: EtcdSettings) {
    this.endpoint = endpoint;
    this.#grpc = new GrpcTransport(endpoint, settings);
    this.#frequent = new Http2Client(endpoint, settings, (deadlineMs) => this.#grpc.metadata(deadlineMs));
  }

  unary(path: string, request: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    return (FREQUENT.has(path) ? this.#frequent : this.#grpc).unary(path, request, timeoutMs);
  }

  stream(path: string, receiver: StreamReceiver): StreamCall {
    return this.#grpc.stream(path, receiver);
  }

  reset(): void {
    this.#grpc.reset();
    this.#frequent.reset();
  }

  close(): void {
    this.#grpc.close();
    this.#frequent.close();
  }
}

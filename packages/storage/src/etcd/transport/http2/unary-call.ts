import { status } from '@grpc/grpc-js';
import type { CallError } from '../transport.js';
import { answered, malformed } from './call-errors.js';
import { MessageReader } from './message-reader.js';
import type { ResponseFields } from './response-fields.js';

/** Who is told that a call is over. */
export interface CallOwner {
  settled(call: UnaryCall): void;
}

/** Where the stream of a call is. */
export interface CallConnection {
  /** Gives the stream up; the call fails. */
  abort(call: UnaryCall, error: CallError): void;
}

/** What is asked for. */
export interface UnaryRequest {
  readonly path: string;
  readonly message: Uint8Array;
  readonly timeoutMs: number;
}

const OK = 200;
const INFORMATIONAL_BELOW = 200;

/** One request and its response: waiting first, then a stream of a connection. */
export class UnaryCall {
  readonly request: UnaryRequest;
  /** By `performance.now()`. */
  readonly deadlineMs: number;
  /** Absent while the call waits for one. */
  connection: CallConnection | undefined;
  streamId = 0;
  /** Bytes of the message and its prefix that were sent. */
  sentBytes = 0;
  /** What the peer takes of them now. */
  sendWindow = 0;
  /** What came since the peer was last given more room. */
  receivedBytes = 0;
  readonly #owner: CallOwner;
  readonly #resolve: (message: Uint8Array) => void;
  readonly #reject: (error: CallError) => void;
  readonly #response = new MessageReader();
  #httpStatus: number | undefined;
  #settled = false;

  constructor(request: UnaryRequest, owner: CallOwner, resolve: (message: Uint8Array) => void, reject: (error: CallError) => void) {
    this.request = request;
    this.deadlineMs = performance.now() + request.timeoutMs;
    this.#owner = owner;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Header fields or trailers. */
  fields(fields: ResponseFields, endsStream: boolean): void {
    const { httpStatus } = fields;
    if (this.#httpStatus === undefined && !endsStream && httpStatus !== undefined && httpStatus < INFORMATIONAL_BELOW) return;
    this.#httpStatus ??= httpStatus;
    if (endsStream) this.#end(fields);
  }

  /** Part of the body; throws `MessageError`. */
  data(bytes: Buffer, endsStream: boolean): void {
    // The page of a proxy that says what went wrong is not a message.
    if (this.#httpStatus === OK) this.#response.push(bytes);
    if (endsStream) this.#end({});
  }

  fail(error: CallError): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#owner.settled(this);
    this.#reject(error);
  }

  #end(trailers: ResponseFields): void {
    const { message } = this.#response;
    if (trailers.grpcStatus !== status.OK) this.fail(answered(this.#httpStatus, trailers));
    else if (message === undefined) this.fail(malformed(new Error('no message')));
    else this.#succeed(message);
  }

  #succeed(message: Uint8Array): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#owner.settled(this);
    this.#resolve(message);
  }
}

/** A gRPC call to one member failed. */
export class CallError extends Error {
  override readonly name = 'CallError';

  constructor(
    /** gRPC status code. */
    readonly status: number,
    /** gRPC status message: etcd's own words, or the transport's. */
    readonly details: string,
    /** False when the request surely never left: nothing can have come of it. */
    readonly sent: boolean,
    options?: ErrorOptions,
  ) {
    super(details, options);
  }
}

/** What a stream tells its owner; nothing follows `end`. */
export interface StreamReceiver {
  /** `bytes` may be part of a larger buffer: what is kept must be copied. */
  message(bytes: Uint8Array): void;
  end(error: CallError): void;
}

/** A bidirectional stream. */
export interface StreamCall {
  send(message: Uint8Array): void;
  /** Stops reading, so that the sender must wait. */
  pause(): void;
  resume(): void;
  /** Ends the stream; `end` is not called any more. */
  cancel(): void;
}

/** Calls to one member, in bytes. All that the rest of the etcd backend knows of gRPC. */
export interface Transport {
  readonly endpoint: string;
  /** Rejects with `CallError`. The answer may be part of a larger buffer: what is kept must be copied. */
  unary(path: string, request: Uint8Array, timeoutMs: number): Promise<Uint8Array>;
  stream(path: string, receiver: StreamReceiver): StreamCall;
  /** Drops the connection and what runs on it; the next call makes a new one. */
  reset(): void;
  close(): void;
}

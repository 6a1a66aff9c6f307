/** A request to another server, when it is over. */
export interface RemoteRequestEnd {
  /** Of the server, with its port where its URL names one. */
  readonly host: string;
  readonly method: string;
  /** Undefined when no complete answer came. */
  readonly code: number | undefined;
  readonly durationMs: number;
  /** Of the body. */
  readonly sentBytes: number;
  /** Of the body, where an answer came. */
  readonly receivedBytes: number;
}

/** Told of requests to other servers, for metrics. */
export type RemoteObserver = (end: RemoteRequestEnd) => void;

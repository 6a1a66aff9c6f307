import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** Headers by name in lower case; several values where one was sent several times. */
export type ForwardedHeaders = Record<string, string | string[]>;

export interface BackendRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** `host` is one of them. */
  readonly headers: ForwardedHeaders;
  /** Read at the pace of the extension server. */
  readonly body?: Readable;
  readonly signal: AbortSignal;
}

export interface BackendAnswer {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
  /** Of a body that has ended: whether it is all that was to come. */
  isWhole(): boolean;
}

/** One or more connections by which requests are sent. */
export interface BackendConnection {
  /** Can take one more request. */
  readonly usable: boolean;
  /** No request is under way. */
  readonly idle: boolean;
  /** It broke: what was under way on it has failed. */
  readonly lost: boolean;
  send(request: BackendRequest): Promise<BackendAnswer>;
  /** Answers under way are given to their end. */
  close(): void;
}

/** Told when a connection is of no more use. */
export type OnConnectionEnd = (connection: BackendConnection) => void;

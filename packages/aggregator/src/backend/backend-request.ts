import type { Readable } from 'node:stream';
import type { ForwardedHeaders, ProxiedAnswer } from '@keelson/server';

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

/** One or more connections by which requests are sent. */
export interface BackendConnection {
  /** Can take one more request. */
  readonly usable: boolean;
  /** No request is under way. */
  readonly idle: boolean;
  /** It broke: what was under way on it has failed. */
  readonly lost: boolean;
  send(request: BackendRequest): Promise<ProxiedAnswer>;
  /** Answers under way are given to their end. */
  close(): void;
}

/** Told when a connection is of no more use. */
export type OnConnectionEnd = (connection: BackendConnection) => void;

import type { IncomingMessage } from 'node:http';
import type { KubeObject, UserInfo } from '@keelson/machinery';
import type { UpgradedConnection } from '@keelson/server';

export type ConnectMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A request to a subresource that answers in its own way. */
export interface ConnectRequest<T extends KubeObject> {
  readonly method: ConnectMethod;
  readonly namespace: string;
  readonly name: string;
  /** What follows the subresource's name, with a slash at its beginning, or ''. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly user: UserInfo;
  /** The body as it comes. */
  readonly body: IncomingMessage;
  /** Of a WebSocket or another Upgrade: whoever takes it answers on the socket, and returns nothing. */
  readonly upgrade: UpgradedConnection | undefined;
  /** Aborted when the client has gone or the time for the request is over. */
  readonly signal: AbortSignal;
  /** The object that the request is about; throws 404 when there is none. */
  get(): Promise<T>;
}

/** A response of the web, with whatever body; or a value that is sent as JSON; nothing where an upgraded connection was taken. */
export type ConnectAnswer = Response | object | undefined;

export interface ConnectOptions<T extends KubeObject> {
  /** @default GET */
  readonly methods?: readonly ConnectMethod[];
  /** Streams for as long as both sides want: no deadline, and not counted as in flight. */
  readonly longRunning?: boolean;
  handle(request: ConnectRequest<T>): ConnectAnswer | Promise<ConnectAnswer>;
}

import type { TLSSocket } from 'node:tls';
import { environmentDialer } from '@keelson/machinery';
import type { ProxiedAnswer } from '@keelson/server';
import { abortable } from './abortable.js';
import { type BackendAccess, openConnection } from './backend-access.js';
import type { BackendConnection, BackendRequest } from './backend-request.js';
import { Http1Connections } from './http1-connections.js';
import { Http2Connection } from './http2-connection.js';

/** Methods that may be sent twice: what has no body and changes nothing. */
const REPEATABLE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * One address of an extension server and how it is trusted. HTTP/2 where the server has it, on a second connection when the
 * streams of the first are all taken.
 */
export class Backend {
  readonly access: BackendAccess;
  readonly #onLost: () => void;
  #connections: BackendConnection[] = [];
  #connecting: Promise<BackendConnection> | undefined;
  #usedAtMs = performance.now();
  #closed = false;

  /** `onLost`: a connection was lost that requests may have been on. */
  constructor(access: BackendAccess, onLost: () => void) {
    this.access = access;
    this.#onLost = onLost;
  }

  /** Resolves when the answer has begun. A read whose kept connection turns out to be dead is sent once more on a new one. */
  async send(request: BackendRequest): Promise<ProxiedAnswer> {
    this.#usedAtMs = performance.now();
    const kept = this.#connections.find(({ usable }) => usable);
    if (kept === undefined) return this.#sendAnew(request);
    try {
      return await kept.send(request);
    } catch (error) {
      const again = kept.lost && REPEATABLE.has(request.method) && request.body === undefined && !request.signal.aborted;
      if (!again) throw error;
      return this.#sendAnew(request);
    }
  }

  /** A connection of its own that speaks HTTP/1.1, for a request that leaves HTTP. */
  openForUpgrade(signal: AbortSignal): Promise<TLSSocket> {
    return openConnection(this.access, ['http/1.1'], signal);
  }

  /** Whether nobody has used it for this long, and nobody does. */
  idleFor(ms: number): boolean {
    return performance.now() - this.#usedAtMs >= ms && this.#connections.every(({ idle }) => idle);
  }

  /** Answers under way are given to their end. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#connections.splice(0)) connection.close();
  }

  async #sendAnew(request: BackendRequest): Promise<ProxiedAnswer> {
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    const connection = await abortable(this.#connecting, request.signal);
    return connection.send(request);
  }

  async #connect(): Promise<BackendConnection> {
    const access = requestAccess(this.access);
    const socket = await openConnection(access, ['h2', 'http/1.1']);
    const end = (connection: BackendConnection) => this.#forget(connection);
    const connection =
      socket.alpnProtocol === 'h2' ? new Http2Connection(socket, this.access.address, end) : new Http1Connections(socket, access, end);
    if (this.#closed) connection.close();
    else this.#connections.push(connection);
    return connection;
  }

  #forget(connection: BackendConnection): void {
    const at = this.#connections.indexOf(connection);
    if (at < 0) return;
    this.#connections.splice(at, 1);
    if (connection.lost) this.#onLost();
  }
}

/** Requests go through the proxy of the environment, as kube-apiserver's do; what is upgraded does not. */
function requestAccess(access: BackendAccess): BackendAccess {
  const dialer = environmentDialer(access.dialer);
  return dialer === undefined ? access : { ...access, dialer };
}

import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { UpgradedConnection } from './context.js';

/**
 * The response to a request that asks for an Upgrade. It lets the filters answer in plain HTTP (401, 403, …); a verb
 * that upgrades calls `takeOver` and owns the socket from then on.
 */
export class UpgradeResponse extends ServerResponse {
  readonly upgrade: UpgradedConnection;
  #socket: Socket | undefined;

  constructor(req: IncomingMessage, socket: Socket, head: Buffer) {
    super(req);
    this.upgrade = { socket, head };
    this.#socket = socket;
    // Node does not return an upgraded socket to its HTTP parser, so it ends with this answer.
    this.shouldKeepAlive = false;
    this.assignSocket(socket);
    this.once('finish', () => this.#finish());
  }

  /** Hands the socket over; nothing may be written through this response any more. */
  takeOver(): UpgradedConnection {
    const socket = this.#socket;
    if (socket === undefined || this.headersSent) throw new Error('the upgraded connection is already taken');
    this.#socket = undefined;
    this.detachSocket(socket);
    // The request lasts as long as the connection it became.
    socket.once('close', () => this.emit('close'));
    return this.upgrade;
  }

  #finish(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#socket = undefined;
    this.detachSocket(socket);
    socket.destroySoon();
    this.emit('close');
  }
}

import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { UpgradedConnection } from './context.js';
import { LastResponse } from './last-response.js';

/**
 * The response to a request that asks for an Upgrade. It lets the filters answer in plain HTTP (401, 403, …); a verb
 * that upgrades calls `takeOver` and owns the socket from then on.
 */
export class UpgradeResponse extends LastResponse {
  readonly upgrade: UpgradedConnection;

  constructor(req: IncomingMessage, socket: Socket, head: Buffer) {
    super(req, socket);
    this.upgrade = { socket, head };
  }

  /** Hands the socket over; nothing may be written through this response any more. */
  takeOver(): UpgradedConnection {
    const socket = this.release();
    // The request lasts as long as the connection it became.
    socket.once('close', () => this.emit('close'));
    return this.upgrade;
  }
}

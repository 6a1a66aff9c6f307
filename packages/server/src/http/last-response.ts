import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The response to the last request that a connection carries: Node's HTTP parser has let go of the socket, which ends with this answer. */
export class LastResponse extends ServerResponse {
  #socket: Socket | undefined;

  constructor(req: IncomingMessage, socket: Socket) {
    super(req);
    this.#socket = socket;
    this.shouldKeepAlive = false;
    this.assignSocket(socket);
    this.once('finish', () => this.#finish());
  }

  /** Lets go of the socket, which lives on; throws when an answer has begun. */
  protected release(): Socket {
    const socket = this.#socket;
    if (socket === undefined || this.headersSent) throw new Error('the upgraded connection is already taken');
    this.#socket = undefined;
    this.detachSocket(socket);
    return socket;
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

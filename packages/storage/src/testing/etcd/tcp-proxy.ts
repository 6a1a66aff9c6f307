import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * `discard` reads and drops bytes, `stall` does not read: both leave the connection open. A connection that has dropped
 * bytes never forwards again in that direction, because TCP does not lose bytes in the middle.
 */
export type FlowMode = 'forward' | 'stall' | 'discard';

/** A TCP proxy before one member that injects network faults. */
export class TcpProxy {
  readonly #target: URL;
  readonly #server: Server;
  readonly #links = new Set<Link>();
  #toServer: FlowMode = 'forward';
  #toClient: FlowMode = 'forward';
  #refusing = false;

  private constructor(target: URL, server: Server) {
    this.#target = target;
    this.#server = server;
    server.on('connection', (client) => this.#link(client));
  }

  static async before(endpoint: string): Promise<TcpProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(new URL(endpoint), server);
  }

  /** The URL to use in place of the member's. */
  get endpoint(): string {
    return `${this.#target.protocol}//127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get connections(): number {
    return this.#links.size;
  }

  /** Sets what happens to bytes from now on, on connections that exist and on new ones. */
  set(direction: 'toServer' | 'toClient' | 'both', mode: FlowMode): void {
    if (direction !== 'toClient') this.#toServer = mode;
    if (direction !== 'toServer') this.#toClient = mode;
    for (const link of this.#links) link.set(this.#toServer, this.#toClient);
  }

  /** Resets every connection. */
  cut(): void {
    for (const link of [...this.#links]) link.destroy();
  }

  /** Whether new connections are reset at once. */
  refuse(refusing: boolean): void {
    this.#refusing = refusing;
  }

  async close(): Promise<void> {
    this.cut();
    await once(this.#server.close(), 'close');
  }

  #link(client: Socket): void {
    if (this.#refusing) {
      client.destroy();
      return;
    }
    const server = connect(Number(this.#target.port), this.#target.hostname);
    const link = new Link(client, server, () => this.#links.delete(link));
    this.#links.add(link);
    link.set(this.#toServer, this.#toClient);
  }
}

class Link {
  readonly #client: Socket;
  readonly #server: Socket;
  #toServer: FlowMode = 'forward';
  #toClient: FlowMode = 'forward';

  constructor(client: Socket, server: Socket, closed: () => void) {
    this.#client = client;
    this.#server = server;
    client.setNoDelay(true);
    server.setNoDelay(true);
    client.on('data', (bytes) => {
      if (this.#toServer === 'forward') server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (this.#toClient === 'forward') client.write(bytes);
    });
    for (const socket of [client, server]) {
      // The other end notices; what the fault does is the test's matter.
      socket.on('error', () => this.destroy());
      socket.on('close', () => {
        this.destroy();
        closed();
      });
    }
  }

  set(toServer: FlowMode, toClient: FlowMode): void {
    if (this.#toServer !== 'discard') this.#toServer = toServer;
    if (this.#toClient !== 'discard') this.#toClient = toClient;
    flow(this.#client, this.#toServer);
    flow(this.#server, this.#toClient);
  }

  destroy(): void {
    this.#client.destroy();
    this.#server.destroy();
  }
}

function flow(source: Socket, mode: FlowMode): void {
  if (mode === 'stall') source.pause();
  else source.resume();
}

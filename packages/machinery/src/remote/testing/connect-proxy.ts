import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A proxy that is asked to connect. */
export class ConnectProxyServer {
  /** What it was asked, in order. */
  readonly asked: IncomingMessage[] = [];
  readonly #server: ReturnType<typeof createServer>;
  readonly #sockets = new Set<Socket>();

  /** `to`: the port of this machine where an authority really is; undefined is refused. */
  constructor(to: (authority: string) => number | undefined, tls?: ServerOptions) {
    this.#server = tls === undefined ? createServer() : createSecureServer(tls);
    this.#server.on('connection', (socket: Socket) => this.#sockets.add(socket));
    this.#server.on('connect', (request: IncomingMessage, socket: Socket) => {
      this.asked.push(request);
      const port = to(request.url ?? '');
      if (port === undefined) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      const there = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        there.pipe(socket).pipe(there);
      });
      socket.on('error', () => there.destroy());
      there.on('error', () => socket.destroy());
    });
  }

  get authorities(): (string | undefined)[] {
    return this.asked.map(({ url }) => url);
  }

  /** At a port of this machine, which it returns. */
  async start(): Promise<number> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  async startAt(socketPath: string): Promise<void> {
    await once(this.#server.listen(socketPath), 'listening');
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

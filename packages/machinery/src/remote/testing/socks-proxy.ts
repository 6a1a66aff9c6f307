import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

const VERSION = 5;
const [NO_AUTHENTICATION, PASSWORD] = [0, 2];
const DOMAIN = 3;

/** A SOCKS5 proxy (RFC 1928, RFC 1929) for connections to names. */
export class SocksProxyServer {
  /** Where it was asked to connect. */
  readonly asked: string[] = [];
  /** `user:password` of those who gave some. */
  readonly credentials: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** `to`: the port of this machine where a name really is; undefined is refused with `reply`. */
  constructor(to: (authority: string) => number | undefined, reply = 2) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      void this.#serve(socket, to, reply);
    });
  }

  async start(): Promise<number> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  async #serve(socket: Socket, to: (authority: string) => number | undefined, reply: number): Promise<void> {
    const next = async () => ((await once(socket, 'data')) as [Buffer])[0];
    const methods = (await next()).subarray(2);
    const method = methods.includes(PASSWORD) ? PASSWORD : NO_AUTHENTICATION;
    socket.write(Buffer.of(VERSION, method));
    if (method === PASSWORD) {
      const given = await next();
      const user = given.subarray(2, 2 + (given[1] ?? 0));
      this.credentials.push(`${user}:${given.subarray(3 + user.length)}`);
      socket.write(Buffer.of(1, 0));
    }
    const asked = await next();
    const length = asked[4] ?? 0;
    if (asked[3] !== DOMAIN) return void socket.destroy();
    const authority = `${asked.subarray(5, 5 + length)}:${asked.readUInt16BE(5 + length)}`;
    this.asked.push(authority);
    const port = to(authority);
    const answer = (code: number) => socket.write(Buffer.of(VERSION, code, 0, 1, 0, 0, 0, 0, 0, 0));
    if (port === undefined) return void answer(reply);
    const there = connect(port, '127.0.0.1', () => {
      answer(0);
      there.pipe(socket).pipe(there);
    });
    there.on('error', () => socket.destroy());
  }
}

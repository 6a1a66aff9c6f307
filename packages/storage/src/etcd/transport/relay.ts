import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DialAddress, Dialer } from '@keelson/machinery';

/**
 * A unix socket that stands for a member which is reached through a proxy: gRPC opens its connections by itself, and not by
 * any way. Only this user can get at it.
 */
export class Relay {
  readonly #address: DialAddress;
  readonly #dialer: Dialer;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #closing = new AbortController();
  #dir: string | undefined;
  /** Why the last connection did not come about. */
  failure: Error | undefined;

  constructor(address: DialAddress, dialer: Dialer) {
    this.#address = address;
    this.#dialer = dialer;
    this.#server = createServer((socket) => void this.#connect(socket));
  }

  /** Its path. */
  async listen(): Promise<string> {
    const dir = await mkdtemp(join(tmpdir(), 'keelson-etcd-'));
    this.#dir = dir;
    const path = join(dir, 'member.sock');
    await once(this.#server.listen(path), 'listening');
    if (this.#closing.signal.aborted) this.close();
    return path;
  }

  close(): void {
    this.#closing.abort();
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    if (this.#dir !== undefined) void rm(this.#dir, { recursive: true, force: true });
  }

  async #connect(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => this.#sockets.delete(socket));
    try {
      const member = await this.#dialer.dial(this.#address, this.#closing.signal);
      this.failure = undefined;
      // An end of either is that of both: gRPC sees it and connects again.
      await Promise.race([pipeline(socket, member), pipeline(member, socket)]).catch(() => undefined);
      member.destroy();
    } catch (error) {
      this.failure = error as Error;
    }
    socket.destroy();
  }
}

import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Log } from '../logging/log.js';
import type { RequestListener } from './app.js';
import { guardSession } from './http2-guard.js';
import type { HttpLimits } from './limits.js';

/** HTTP/2 on connections that others have accepted. */
export class Http2Connections {
  readonly #server: Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();
  #goingAway = false;

  constructor(limits: HttpLimits, log: Log, onRequest: RequestListener) {
    this.#server = createServer({
      maxSessionMemory: limits.maxSessionMemoryMb,
      maxSessionInvalidFrames: 100,
      maxSettings: 32,
      maxHeaderListPairs: 2000,
      settings: {
        maxConcurrentStreams: limits.maxConcurrentStreams,
        initialWindowSize: limits.streamWindowBytes,
        maxHeaderListSize: limits.maxHeaderBytes,
        enablePush: false,
      },
    });
    this.#server.on('session', (session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
      guardSession(session, limits, log);
      if (this.#goingAway) session.close();
    });
    this.#server.on('sessionError', (error) => log.info(4, 'HTTP/2 connection failed', { error }));
    this.#server.on('request', onRequest as never);
  }

  accept(socket: Socket): void {
    this.#server.emit('connection', socket);
  }

  /** Sends GOAWAY on every connection, those to come included. */
  goAway(): void {
    this.#goingAway = true;
    this.leave(() => true);
  }

  /** Sends GOAWAY on these connections. */
  leave(which: (socket: Socket) => boolean): void {
    for (const session of this.#sessions) if (!session.destroyed && which(session.socket)) session.close();
  }

  close(): void {
    for (const session of this.#sessions) session.destroy();
  }
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ScriptedAnswer {
  readonly code?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is text. */
  readonly body: unknown;
}

export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers requests as a test says, without TLS; undefined breaks the connection. */
export class ScriptedServer {
  readonly requests: ScriptedRequest[] = [];
  readonly #server: Server;

  constructor(answer: (request: ScriptedRequest, at: number) => ScriptedAnswer | undefined) {
    this.#server = createServer(async (req, res) => {
      const request = { method: req.method ?? '', path: req.url ?? '', headers: req.headers, body: await text(req) };
      this.requests.push(request);
      const given = answer(request, this.requests.length - 1);
      if (given === undefined) return void req.socket.destroy();
      res.writeHead(given.code ?? 200, given.headers);
      res.end(typeof given.body === 'string' ? given.body : JSON.stringify(given.body));
    });
  }

  async start(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

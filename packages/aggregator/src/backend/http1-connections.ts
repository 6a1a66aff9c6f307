import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { secureAgent } from '@keelson/machinery';
import type { ProxiedAnswer } from '@keelson/server';
import { type BackendAccess, tlsOptions } from './backend-access.js';
import type { BackendConnection, BackendRequest, OnConnectionEnd } from './backend-request.js';

/** Idle connections are closed before most servers close them. */
const IDLE_MS = 50_000;

/** Connections to a server that speaks HTTP/1.1 only: one for each request under way. */
export class Http1Connections implements BackendConnection {
  readonly #access: BackendAccess;
  readonly #agent: Agent;
  readonly #onEnd: OnConnectionEnd;
  #open = 0;
  #lost = false;

  /** `negotiated`: the connection on which the server said so. */
  constructor(negotiated: TLSSocket, access: BackendAccess, onEnd: OnConnectionEnd) {
    this.#access = access;
    this.#onEnd = onEnd;
    const options = { keepAlive: true, timeout: IDLE_MS, scheduling: 'lifo', ...tlsOptions(access) } as const;
    this.#agent = secureAgent({ ...options, ALPNProtocols: ['http/1.1'] }, access.dialer);
    negotiated.on('error', () => undefined);
    negotiated.end();
  }

  get usable(): boolean {
    return !this.#lost;
  }

  get idle(): boolean {
    return this.#open === 0;
  }

  get lost(): boolean {
    return this.#lost;
  }

  async send(asked: BackendRequest): Promise<ProxiedAnswer> {
    const { method, path, headers, body, signal } = asked;
    const { host, port } = this.#access.address;
    const sent = request({ host, port, agent: this.#agent, servername: this.#access.serverName, method, path, headers, signal });
    this.#open++;
    sent.once('close', () => this.#open--);
    if (body === undefined) sent.end();
    else body.pipe(sent);
    try {
      return await answerOf(sent);
    } catch (error) {
      if (!signal.aborted) this.#lose();
      throw error;
    }
  }

  close(): void {
    this.#agent.maxFreeSockets = 0;
    for (const socket of Object.values(this.#agent.freeSockets).flat()) socket?.destroy();
  }

  /** The next request finds out anew what the server speaks. */
  #lose(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.close();
    this.#onEnd(this);
  }
}

function answerOf(sent: ClientRequest): Promise<ProxiedAnswer> {
  return new Promise((resolve, reject) => {
    // After the answer has begun, its reader is told.
    sent.on('error', reject);
    sent.once('response', (answer: IncomingMessage) =>
      resolve({ code: answer.statusCode ?? 0, headers: answer.headers, body: answer, isWhole: () => answer.complete }),
    );
  });
}

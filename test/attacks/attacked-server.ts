import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { ApiClient, type RawAnswer } from '../golden/api-client.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';

export interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly as?: 'admin' | 'alice' | 'nobody';
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Answers that somebody else has to get while an attack goes on. */
const LEAST_ANSWERS = 10;

/** A real server, somebody who attacks it, and somebody else who uses it meanwhile. */
export class AttackedServer {
  readonly #server: RunningKeelson;
  readonly #client: ApiClient;
  readonly #bystander: ApiClient;

  private constructor(server: RunningKeelson) {
    this.#server = server;
    this.#client = new ApiClient(server, 4);
    this.#bystander = new ApiClient(server, 1);
  }

  static async start(): Promise<AttackedServer> {
    return new AttackedServer(await startApiServer({ backend: 'embedded' }));
  }

  get port(): number {
    return Number(new URL(this.#server.url).port);
  }

  async send({ method = 'GET', path, as = 'admin', type, headers = {}, body }: Sent): Promise<RawAnswer> {
    return this.#client.send({
      method,
      path,
      headers: { ...this.#credentials(as), ...(type !== undefined && { 'Content-Type': type }), ...headers },
      body: typeof body === 'string' ? Buffer.from(body) : body,
    });
  }

  /** Code and, of a Status, its message. */
  async outcome(sent: Sent): Promise<readonly [number, string]> {
    const { code, body } = await this.send(sent);
    return [code, messageOf(body)];
  }

  /**
   * Somebody reads and writes while `attack` is under way, and is always answered. It is repeated until that has happened often
   * enough to say so. Whoever attacks sees to it that each time the outcome is the same.
   */
  async meanwhile(attack: () => Promise<void>): Promise<void> {
    const use = { answered: 0, over: false };
    const using = this.#use(use);
    using.catch(() => {
      use.over = true;
    });
    try {
      do await attack();
      while (!use.over && use.answered < LEAST_ANSWERS);
    } finally {
      use.over = true;
      await using;
    }
  }

  /** Of the folder in which the server keeps everything. */
  readFile(name: string): Promise<string> {
    return readFile(join(this.#server.dir, name), 'utf8');
  }

  async openTls(protocol: 'h2' | 'http/1.1'): Promise<TLSSocket> {
    const { ca } = this.#server;
    const socket = connectTls({ host: '127.0.0.1', port: this.port, ca, ALPNProtocols: [protocol], servername: 'localhost' });
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    return socket;
  }

  async openHttp2(): Promise<ClientHttp2Session> {
    const session = connectHttp2(this.#server.url, { ca: this.#server.ca });
    session.on('error', () => undefined);
    await once(session, 'connect');
    return session;
  }

  get adminToken(): string {
    return this.#server.adminToken;
  }

  async stop(): Promise<void> {
    this.#client.close();
    this.#bystander.close();
    await this.#server.stop();
  }

  #credentials(as: Sent['as']): Readonly<Record<string, string>> {
    if (as === 'nobody') return {};
    return { Authorization: `Bearer ${as === 'alice' ? this.#server.aliceToken : this.#server.adminToken}` };
  }

  async #use(use: { answered: number; readonly over: boolean }): Promise<void> {
    const path = '/api/v1/namespaces/default/configmaps';
    const headers = { ...this.#credentials('admin'), 'Content-Type': 'application/json' };
    while (!use.over) {
      const body = Buffer.from(JSON.stringify({ metadata: { generateName: 'bystander-' } }));
      const { code, body: made } = await this.#bystander.send({ method: 'POST', path, headers, body });
      if (code !== 201) throw new Error(`the bystander was answered ${code}: ${made}`);
      const { name } = JSON.parse(made.toString()).metadata as { readonly name: string };
      const seen = await this.#bystander.send({ method: 'GET', path: `${path}/${name}`, headers });
      if (seen.code !== 200) throw new Error(`the bystander was answered ${seen.code}: ${seen.body}`);
      use.answered += 2;
    }
  }
}

function messageOf(body: Buffer): string {
  try {
    const { message } = JSON.parse(body.toString()) as { readonly message?: unknown };
    return typeof message === 'string' ? message : '';
  } catch {
    return body.toString().trim();
  }
}

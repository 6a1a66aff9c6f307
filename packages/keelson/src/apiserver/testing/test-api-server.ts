import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json, KubeObject } from '@keelson/machinery';
import { apiServerFlags } from '../../flags/apiserver-flags.js';
import { parseFlags } from '../../flags/parse-flags.js';
import { freePortRange } from '../../up/testing/free-ports.js';
import { launchApiServer } from '../command.js';
import { optionsFromFlags } from '../from-flags/options-from-flags.js';
import type { RunningApiServer } from '../running-api-server.js';
// The command loads it when it is needed. On a slow machine that takes longer than a test may: it belongs to the loading of the test.
import '../start.js';

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: Json;
  /** PEM: a client certificate. */
  readonly credential?: { readonly cert: string; readonly key: string };
}

export interface Told {
  readonly code: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Json;
}

export interface WatchedEvent {
  readonly type: string;
  readonly object: KubeObject;
}

/** A server on the embedded store, started from flags in a directory of its own. */
export class TestApiServer {
  readonly #server: RunningApiServer;
  readonly dir: string;

  private constructor(server: RunningApiServer, dir: string) {
    this.#server = server;
    this.dir = dir;
  }

  /**
   * Ready when it returns. `files` are written to its directory first; flags, and files, name them by `{dir}/name`. Bearer
   * token `admin` is of group system:masters. RBAC decides unless a flag says otherwise.
   */
  static async start(flags: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<TestApiServer> {
    const dir = await mkdtemp(join(tmpdir(), 'apiserver-'));
    const written = Object.entries({ 'tokens.csv': 'admin,admin,admin-uid,system:masters\n', ...files });
    await Promise.all(written.map(([name, content]) => writeFile(join(dir, name), content.replaceAll('{dir}', dir), { mode: 0o600 })));
    const own = ['--storage-backend=embedded', '--data-dir={dir}/store', '--cert-dir={dir}', '--bind-address=127.0.0.1'];
    const more = [`--secure-port=${await freePortRange(1)}`, '--token-auth-file={dir}/tokens.csv'];
    const modes = flags.some((flag) => /^--authorization-(config|mode)=/.test(flag)) ? [] : ['--authorization-mode=RBAC'];
    const args = [...own, ...more, ...modes, ...flags].map((flag) => flag.replace('{dir}', dir));
    try {
      const server = new TestApiServer(await launchApiServer(optionsFromFlags(parseFlags(apiServerFlags, args))), dir);
      await server.#ready();
      return server;
    } catch (error) {
      await rm(dir, { recursive: true });
      throw error;
    }
  }

  get url(): string {
    return this.#server.url;
  }

  get certificateFile(): string {
    return join(this.dir, 'apiserver.crt');
  }

  async ask(path: string, asked: Asked = {}): Promise<Told> {
    const { answer, content } = await this.#send(path, asked);
    return { code: answer.statusCode ?? 0, headers: answer.headers, body: isJson(answer) ? JSON.parse(content) : content };
  }

  /** The events of a watch, when it has ended. */
  async watch(path: string, asked: Asked = {}): Promise<WatchedEvent[]> {
    const { content } = await this.#send(path, asked);
    return content
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  async #send(path: string, { method, headers = {}, body, credential }: Asked) {
    const ca = await readFile(this.certificateFile);
    const content = body === undefined ? '' : JSON.stringify(body);
    // Node frames no body of a DELETE by itself.
    const ofBody = body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) };
    const sent = request(`${this.url}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...ofBody, ...headers },
      ca,
      agent: false,
      ...credential,
    });
    const [answer] = (await once(sent.end(content), 'response')) as [IncomingMessage];
    return { answer, content: await text(answer) };
  }

  /** Whom it takes the sender of such a request for; the code of a refusal. */
  async whoAmI(asked: Asked = {}): Promise<Json> {
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const told = await this.ask('/apis/authentication.k8s.io/v1/selfsubjectreviews', { ...asked, body });
    const review = told.body as { readonly status?: { readonly userInfo?: Json } };
    return told.code === 201 ? (review.status?.userInfo ?? {}) : told.code;
  }

  async #ready(): Promise<void> {
    const headers = { authorization: 'Bearer admin' };
    while ((await this.ask('/readyz', { headers })).code !== 200) await sleep(20);
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    await rm(this.dir, { recursive: true });
  }
}

function isJson({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.startsWith('application/json') === true;
}

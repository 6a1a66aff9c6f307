import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePortRange } from '../../packages/keelson/src/up/testing/free-ports.js';

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 5;
/** An administrator's. */
export const TOKEN = 'bench-token';
/** That of a user who is in a group of its own. */
export const READER_TOKEN = 'bench-reader-token';
export const READERS = 'bench:readers';

export interface ServerSetup {
  /** The command line, as node runs it. */
  readonly program: string;
  readonly nodeOptions: readonly string[];
  /** Everything the server keeps: certificates, store, log. */
  readonly dir: string;
  /** URL of etcd; the embedded store in `dir` without it. */
  readonly etcdUrl: string | undefined;
  /** Beside or in place of what every server is started with. */
  readonly flags?: Readonly<Record<string, string>>;
}

export interface JsonAnswer {
  readonly status: number;
  readonly text: string;
}

/** One run of `keelson apiserver`. */
export class ServerUnderTest {
  private constructor(
    readonly url: URL,
    /** From the start of the process to the first good answer of /readyz. */
    readonly readyMs: number,
    readonly child: ChildProcess,
  ) {}

  /** `inspectorPort`: where a profiler may connect. */
  static async start(setup: ServerSetup, inspectorPort?: number): Promise<ServerUnderTest> {
    const port = await freePortRange(1);
    const url = new URL(`https://127.0.0.1:${port}`);
    const args = await serverArguments(setup, port);
    const log = openSync(join(setup.dir, 'apiserver.log'), 'a');
    const startedMs = performance.now();
    const inspect = inspectorPort === undefined ? [] : [`--inspect=127.0.0.1:${inspectorPort}`];
    const child = spawn(process.execPath, [...inspect, ...setup.nodeOptions, setup.program, 'apiserver', ...args], {
      stdio: ['ignore', log, log],
    });
    while ((await call(url, 'GET', '/readyz'))?.status !== 200) {
      if (child.exitCode !== null || performance.now() - startedMs > READY_TIMEOUT_MS) {
        child.kill('SIGKILL');
        throw new Error(`the server does not get ready:\n${(await readFile(join(setup.dir, 'apiserver.log'), 'utf8')).slice(-3000)}`);
      }
      await sleep(POLL_MS);
    }
    return new ServerUnderTest(url, performance.now() - startedMs, child);
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Throws unless the status is good. */
  async call(method: string, path: string, body?: object): Promise<string> {
    const answer = await call(this.url, method, path, body);
    if (answer === undefined || answer.status >= 300) throw new Error(`${method} ${path}: ${answer?.status} ${answer?.text.slice(0, 500)}`);
    return answer.text;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const late = sleep(15_000, 'late', { ref: false });
    if ((await Promise.race([exited, late])) === 'late') this.child.kill('SIGKILL');
    await exited;
  }
}

async function serverArguments({ dir, etcdUrl, flags }: ServerSetup, port: number): Promise<string[]> {
  const tokens = join(dir, 'tokens.csv');
  await writeFile(tokens, `${TOKEN},bench,bench,"system:masters"\n${READER_TOKEN},reader,reader,"${READERS}"\n`);
  const all = {
    'bind-address': '127.0.0.1',
    'secure-port': port,
    'cert-dir': join(dir, 'certificates'),
    'token-auth-file': tokens,
    'authorization-mode': 'Node,RBAC',
    'disable-admission-plugins': 'ServiceAccount',
    ...(etcdUrl === undefined ? { 'storage-backend': 'embedded', 'data-dir': join(dir, 'store') } : { 'etcd-servers': etcdUrl }),
    ...flags,
  };
  return Object.entries(all).map(([name, value]) => `--${name}=${value}`);
}

/** Undefined when nobody answers. */
export function call(url: URL, method: string, path: string, body?: object, token = TOKEN): Promise<JsonAnswer | undefined> {
  return new Promise((resolve) => {
    const headers = { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/json' }) };
    const sent = request(new URL(path, url), { method, headers, rejectUnauthorized: false, agent: false }, async (response) => {
      try {
        resolve({ status: response.statusCode ?? 0, text: (await response.toArray()).join('') });
      } catch {
        resolve(undefined);
      }
    });
    sent.on('error', () => resolve(undefined));
    sent.end(body && JSON.stringify(body));
  });
}

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningKeelson } from './running-keelson.js';

/** A kubectl of this machine. */
export interface KubectlProgram {
  readonly file: string;
  /** Such as 1.32. */
  readonly version: string;
}

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface KubectlOptions {
  readonly input?: string | object;
  readonly environment?: Readonly<Record<string, string>>;
}

const olderKubectl = process.env.KUBECTL_OLD ?? '/opt/kubectl120/usr/bin/kubectl';

/** The kubectl on the path, and an old one where it is installed: users have both. */
export function kubectlPrograms(): KubectlProgram[] {
  const files = existsSync(olderKubectl) ? ['kubectl', olderKubectl] : ['kubectl'];
  const programs = files.map((file) => ({ file, version: clientVersion(file) }));
  return programs.filter(({ version }, index) => programs.findIndex((other) => other.version === version) === index);
}

function clientVersion(file: string): string {
  const told = JSON.parse(execFileSync(file, ['version', '--client', '--output=json'], { encoding: 'utf8' })) as {
    clientVersion: { major: string; minor: string };
  };
  return `${told.clientVersion.major}.${Number.parseInt(told.clientVersion.minor, 10)}`;
}

/** kubectl runs for a moment only: collecting its garbage often is a quarter of what an apply costs. */
const leanly = { GOGC: '400' };

/** Runs kubectl as the administrator of one server, with a home directory of its own. */
export class Kubectl {
  readonly program: KubectlProgram;
  readonly namespace: string | undefined;
  readonly #server: RunningKeelson;
  readonly #home: string;

  constructor(program: KubectlProgram, server: RunningKeelson, namespace?: string) {
    this.program = program;
    this.namespace = namespace;
    this.#server = server;
    this.#home = join(server.dir, `kubectl-${program.version}`);
    mkdirSync(this.#home, { recursive: true });
  }

  /** The same in a namespace, which becomes the default of every command. */
  in(namespace: string): Kubectl {
    return new Kubectl(this.program, this.#server, namespace);
  }

  /** True for 1.32 when asked for 1.24: some texts of kubectl itself have changed since. */
  isAtLeast(version: string): boolean {
    return Number(this.program.version.split('.')[1]) >= Number(version.split('.')[1]);
  }

  /** Runs a command and gives what it prints. Fails when it does. */
  async ok(args: readonly string[], options: KubectlOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, options);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
    return stdout;
  }

  async json<T>(args: readonly string[], options: KubectlOptions = {}): Promise<T> {
    return JSON.parse(await this.ok([...args, '--output=json'], options)) as T;
  }

  async run(args: readonly string[], { input, environment = {} }: KubectlOptions = {}): Promise<KubectlResult> {
    const child = this.start(args, environment);
    // One that does not read its input may have ended before it is written.
    child.stdin.on('error', () => undefined);
    child.stdin.end(typeof input === 'object' ? JSON.stringify(input) : (input ?? ''));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exitCode(child)]);
    return { code, stdout, stderr };
  }

  /** Starts a command that goes on, such as a watch; whoever starts it ends it. */
  start(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const where = this.namespace === undefined ? [] : [`--namespace=${this.namespace}`];
    return spawn(this.program.file, [...where, ...args], {
      stdio: 'pipe',
      cwd: this.#home,
      env: { PATH: process.env.PATH, HOME: this.#home, KUBECONFIG: this.#server.kubeconfig, TZ: 'UTC', ...leanly, ...environment },
    });
  }
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString();
}

function exitCode(child: ReturnType<Kubectl['start']>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? -1));
  });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_WITHIN_MS = 30_000;
const POLL_MS = 50;
/** Ends etcd with the process that started it, however that ends. */
const DIE_WITH_PARENT = ['/usr/bin/setpriv', '--pdeathsig', 'KILL'] as const;

const running = new Set<ChildProcess>();

function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** An etcd process that can be killed, stopped and started again on the same data and ports. */
export class EtcdMember {
  readonly name: string;
  /** Client URL. */
  readonly endpoint: string;
  readonly #flags: readonly string[];
  readonly #healthUrl: string;
  #process: ChildProcess | undefined;
  #output = '';

  constructor(name: string, endpoint: string, healthUrl: string, flags: readonly string[]) {
    this.name = name;
    this.endpoint = endpoint;
    this.#healthUrl = healthUrl;
    this.#flags = flags;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  start(): void {
    const command = ['etcd', ...this.#flags];
    const [program, ...rest] = existsSync(DIE_WITH_PARENT[0]) ? [...DIE_WITH_PARENT, ...command] : command;
    const child = spawn(program as string, rest, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#output = (this.#output + text).slice(-4000);
    });
    child.once('error', (error) => {
      this.#output += String(error);
      running.delete(child);
    });
    child.once('exit', () => running.delete(child));
    if (running.size === 0) process.once('exit', killAll);
    running.add(child);
    this.#process = child;
  }

  /** Resolves when the member answers as part of a cluster with a leader. */
  async ready(): Promise<void> {
    const deadlineMs = Date.now() + READY_WITHIN_MS;
    while (!(await this.#healthy())) {
      const exited = this.#process === undefined || this.#process.exitCode !== null || this.#process.pid === undefined;
      if (exited || Date.now() > deadlineMs) throw new Error(`etcd member ${this.name} does not start: ${this.#output}`);
      await sleep(POLL_MS);
    }
  }

  async #healthy(): Promise<boolean> {
    try {
      const response = await fetch(`${this.#healthUrl}/health`, { signal: AbortSignal.timeout(1000) });
      return response.ok && ((await response.json()) as { health?: unknown }).health === 'true';
    } catch {
      // Not listening yet.
      return false;
    }
  }

  /** At once, as by a crash. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** Stops the process without ending it: its connections stay open and nothing answers. */
  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  async restart(): Promise<void> {
    await this.kill();
    this.start();
    await this.ready();
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const stopMs = 20_000;
const logTailLength = 4000;

/** A program a test has started. Its output goes to a file. */
export class TestProcess {
  readonly logFile: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  constructor(command: readonly [string, ...string[]], logFile: string, environment: NodeJS.ProcessEnv = process.env) {
    const [program, ...args] = command;
    this.logFile = logFile;
    const log = openSync(logFile, 'a');
    this.#child = spawn(program, args, { stdio: ['ignore', log, log], env: environment });
    closeSync(log);
    this.#exited = once(this.#child, 'close');
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.#child.spawnfile} could not be started`);
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** What it ended with: its exit code, or the signal that ended it. */
  async ended(): Promise<number | NodeJS.Signals | null> {
    await this.#exited;
    return this.#child.exitCode ?? this.#child.signalCode;
  }

  log(): Promise<string> {
    return readFile(this.logFile, 'utf8');
  }

  /** Waits until `isReady`; fails with the end of the log when the process is gone or the time is over. */
  async ready(isReady: () => Promise<boolean>, timeoutMs: number): Promise<void> {
    const endMs = performance.now() + timeoutMs;
    while (!(await isReady())) {
      if (!this.running || performance.now() > endMs) throw new Error(await this.#notReady());
      await sleep(50);
    }
  }

  /** Stops it, first kindly. Fulfilled when it is gone. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.running) this.#child.kill(signal);
    const patience = new AbortController();
    const late = sleep(stopMs, 'late', { signal: patience.signal }).catch(() => 'stopped');
    if ((await Promise.race([this.#exited, late])) === 'late') this.#child.kill('SIGKILL');
    patience.abort();
    await this.#exited;
  }

  async #notReady(): Promise<string> {
    const state = this.running ? 'is not ready' : `ended with ${this.#child.exitCode ?? this.#child.signalCode}`;
    return `${this.#child.spawnargs.slice(0, 4).join(' ')} … ${state}:\n${(await this.log()).slice(-logTailLength)}`;
  }
}

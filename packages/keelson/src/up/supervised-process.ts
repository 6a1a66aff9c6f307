import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { logTail } from './log-tail.js';
import { removeProcessRecord, writeProcessRecord } from './process-record.js';

/** A program that the local cluster runs. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** Where it answers, for people. */
  readonly endpoint: string;
  /** Standard output and error are appended here. */
  readonly logFile: string;
  /** Tells a later start about this process, should ours end without stopping it. */
  readonly recordFile: string;
  readonly isReady: () => Promise<boolean>;
  /** How long it may take to become ready. */
  readonly startTimeoutMs: number;
  /** How long it may take to end before it is killed. */
  readonly stopTimeoutMs: number;
}

export type ProcessState = 'starting' | 'ready' | 'restarting' | 'stopping' | 'stopped';

export interface ProcessStatus {
  readonly name: string;
  readonly state: ProcessState;
  readonly endpoint: string;
  readonly logFile: string;
  readonly pid: number | undefined;
  /** Why the state changed, when that is not plain. */
  readonly detail: string;
}

const readyPollMs = 100;
const firstRestartMs = 1000;
const maxRestartMs = 30_000;

/** A process that has run this long is taken for sound: the next restart is quick again. */
const soundAfterMs = 60_000;

/** One child process: started once, restarted when it ends by itself, stopped on demand. */
export class SupervisedProcess {
  readonly #spec: ProcessSpec;
  readonly #report: (status: ProcessStatus) => void;
  #child: ChildProcess | undefined;
  #exited: Promise<string> = Promise.resolve('');
  #state: ProcessState = 'stopped';
  #restarts = 0;
  #loop: Promise<void> = Promise.resolve();
  readonly #stopping = new AbortController();

  constructor(spec: ProcessSpec, report: (status: ProcessStatus) => void) {
    this.#spec = spec;
    this.#report = report;
  }

  get status(): ProcessStatus {
    return this.#status('');
  }

  /** Fulfilled when it is ready; rejected, with the end of its log, when it ends or stays unready before that. */
  async start(): Promise<void> {
    await this.#spawn('starting');
    if (!(await this.#becomesReady(this.#spec.startTimeoutMs))) throw await this.#startFailure();
    this.#enter('ready');
    this.#loop = this.#keepRunning().catch((error: Error) => this.#enter('stopped', error.message));
  }

  /** Asks it to end by itself with a signal of its own choosing; `stop` still has to follow. It is not restarted. */
  retire(signal: NodeJS.Signals): void {
    this.#stopping.abort();
    if (this.#child === undefined) return;
    this.#enter('stopping');
    this.#child.kill(signal);
  }

  /** Sends SIGTERM and waits; kills it when it takes longer than `stopTimeoutMs`. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const ended = this.#child === undefined;
    if (!ended && this.#state !== 'stopping') this.#enter('stopping');
    this.#child?.kill('SIGTERM');
    const kill = setTimeout(() => this.#child?.kill('SIGKILL'), this.#spec.stopTimeoutMs);
    const outcome = await this.#exited;
    clearTimeout(kill);
    await this.#loop;
    await removeProcessRecord(this.#spec.recordFile);
    this.#enter('stopped', !ended && outcome === 'signal SIGKILL' ? 'killed, it did not end in time' : '');
  }

  /** Kills it and waits for nothing: for a process that is about to end itself. It is not restarted. */
  kill(): void {
    this.#stopping.abort();
    this.#child?.kill('SIGKILL');
  }

  async #spawn(state: ProcessState): Promise<void> {
    const { logFile, recordFile } = this.#spec;
    await mkdir(dirname(logFile), { recursive: true });
    const log = await open(logFile, 'a', 0o600);
    try {
      if (this.#stopping.signal.aborted) return;
      this.#launch(log.fd);
    } finally {
      await log.close();
    }
    if (this.#child?.pid !== undefined) await writeProcessRecord(recordFile, this.#child.pid);
    this.#enter(state);
  }

  /** In a process group of its own: Ctrl-C reaches us only, so that we choose the order in which things stop. */
  #launch(logFd: number): void {
    const [program, ...args] = this.#spec.command;
    const child = spawn(program, args, { stdio: ['ignore', logFd, logFd], detached: true });
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal === null ? `code ${code}` : `signal ${signal}`));
    });
    void this.#exited.then(() => {
      if (this.#child === child) this.#child = undefined;
    });
  }

  async #becomesReady(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (this.#child !== undefined && performance.now() < deadline) {
      if (await this.#spec.isReady()) return this.#child !== undefined;
      await delay(readyPollMs);
    }
    return false;
  }

  async #startFailure(): Promise<Error> {
    const { name, logFile, startTimeoutMs } = this.#spec;
    const what = this.#child === undefined ? `ended (${await this.#exited})` : `was not ready after ${startTimeoutMs / 1000} s`;
    return new Error(`${name} ${what}. The end of ${logFile}:\n${await logTail(logFile, 15)}`);
  }

  /** Starts the process again whenever it ends, with growing pauses while it does not stay up. */
  async #keepRunning(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const startedAt = performance.now();
      const outcome = await this.#exited;
      if (this.#stopping.signal.aborted) return;
      if (performance.now() - startedAt > soundAfterMs) this.#restarts = 0;
      const pauseMs = Math.min(maxRestartMs, firstRestartMs * 2 ** this.#restarts++);
      this.#enter('restarting', `ended (${outcome}), starts again in ${pauseMs / 1000} s`);
      if (!(await this.#pause(pauseMs))) return;
      await this.#spawn('restarting');
      if (await this.#becomesReady(Number.POSITIVE_INFINITY)) this.#enter('ready');
    }
  }

  /** False when stopped meanwhile. */
  async #pause(pauseMs: number): Promise<boolean> {
    try {
      await delay(pauseMs, undefined, { signal: this.#stopping.signal });
      return true;
    } catch {
      return false;
    }
  }

  #enter(state: ProcessState, detail = ''): void {
    // What a restart finds out while we stop is no longer news.
    if (this.#stopping.signal.aborted && state !== 'stopping' && state !== 'stopped') return;
    this.#state = state;
    this.#report(this.#status(detail));
  }

  #status(detail: string): ProcessStatus {
    const { name, endpoint, logFile } = this.#spec;
    return { name, state: this.#state, endpoint, logFile, pid: this.#child?.pid, detail };
  }
}

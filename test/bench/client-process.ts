import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A program of the benchmark in a process of its own, which answers each message with one. */
export class ClientProcess {
  private constructor(readonly child: ChildProcess) {}

  /** Fulfilled with its first message. */
  static async start<T>(program: string, args: readonly string[]): Promise<{ process: ClientProcess; first: T }> {
    const process = new ClientProcess(fork(program, [...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
    return { process, first: await process.#next<T>() };
  }

  get pid(): number {
    return this.child.pid as number;
  }

  ask<T>(message: object): Promise<T> {
    this.child.send(message);
    return this.#next<T>();
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill();
    await exited;
  }

  async #next<T>(): Promise<T> {
    const ended = new AbortController();
    try {
      const [message] = (await Promise.race([
        once(this.child, 'message', { signal: ended.signal }),
        once(this.child, 'exit', { signal: ended.signal }).then(() => Promise.reject(new Error('a program of the benchmark has ended'))),
      ])) as [T & { error?: string }];
      if (message.error !== undefined) throw new Error(message.error);
      return message;
    } finally {
      ended.abort();
    }
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Acknowledged, parseReport } from './crash-record.js';

const here = dirname(fileURLToPath(import.meta.url));

/** Makes the writer a program that node can run, where it finds the native module; returns its path. */
export async function buildCrashWriter(): Promise<string> {
  const outfile = join(here, `../../../.cache/crash-writer-${process.pid}.mjs`);
  await mkdir(dirname(outfile), { recursive: true });
  await build({
    entryPoints: [join(here, 'crash-writer.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  return outfile;
}

export async function removeCrashWriter(program: string): Promise<void> {
  await rm(program);
}

/** A running writer. */
export class CrashProcess {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  #report = '';
  #errors = '';

  constructor(program: string, dir: string) {
    this.#child = spawn(process.execPath, [program, dir], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exit = once(this.#child, 'close');
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#report += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves when this many writes are acknowledged; throws when the writer ends before. */
  async acknowledged(count: number): Promise<void> {
    while (parseReport(this.#report).length < count) {
      const more = once(this.#child.stdout as NodeJS.EventEmitter, 'data');
      await Promise.race([more, this.#exit]);
      if (this.#child.exitCode !== null) throw new Error(`the writer ended: ${this.#errors}`);
    }
  }

  /** Kills the writer at once, and gives what it had acknowledged. */
  async kill(): Promise<readonly Acknowledged[]> {
    this.#child.kill('SIGKILL');
    await this.#exit;
    if (this.#errors !== '') throw new Error(`the writer failed before it was killed: ${this.#errors}`);
    return parseReport(this.#report);
  }
}

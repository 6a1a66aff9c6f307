import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RootDatabase } from 'lmdb';
import { StorageError } from '../storage-error.js';
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.js';

interface Owner extends ProcessIdentity {
  /** Tells openings by one process from each other. */
  readonly token: string;
}

const BEAT_MS = 2000;
/** Without a beat for so long, an owner whose process cannot be looked up is taken for dead. */
const SILENCE_MS = 3 * BEAT_MS;

/**
 * The right of one opener to write a data directory: the file `owner.json` in it, touched from time to time. It is taken
 * inside a write transaction, of which LMDB runs one at a time across processes, so that two openers cannot both find
 * the file of a dead process and take it over.
 */
export class Ownership {
  readonly #file: string;
  readonly #token: string;
  readonly #timer: NodeJS.Timeout;

  private constructor(file: string, token: string) {
    this.#file = file;
    this.#token = token;
    this.#timer = setInterval(() => this.#beat(), BEAT_MS);
    this.#timer.unref();
  }

  /** Throws `unavailable` while another opener holds `dir`. */
  static async take(root: RootDatabase<unknown, string>, dir: string): Promise<Ownership> {
    const file = join(dir, 'owner.json');
    const owner: Owner = { ...ownIdentity(), token: randomUUID() };
    await waitForSilence(file);
    const holder = root.transactionSync(() => {
      const current = readOwner(file);
      if (current !== undefined && isHeld(current, file)) return current;
      writeOwner(file, owner);
      return undefined;
    });
    if (holder !== undefined) throw new StorageError('unavailable', `data directory ${dir} is in use by process ${holder.pid}`);
    return new Ownership(file, owner.token);
  }

  release(): void {
    clearInterval(this.#timer);
    if (readOwner(this.#file)?.token === this.#token) rmSync(this.#file);
  }

  #beat(): void {
    const now = new Date();
    if (readOwner(this.#file)?.token === this.#token) utimesSync(this.#file, now, now);
    else process.emitWarning(`${this.#file} was removed or taken over while in use`, 'StorageOwnershipWarning');
  }
}

function isHeld(owner: Owner, file: string): boolean {
  return isRunning(owner) ?? silentForMs(file) < SILENCE_MS;
}

/** Gives an owner whose process cannot be looked up, such as one in another container, the time to prove that it lives. */
async function waitForSilence(file: string): Promise<void> {
  const owner = readOwner(file);
  if (owner === undefined || isRunning(owner) !== undefined) return;
  await delay(Math.max(0, SILENCE_MS - silentForMs(file)));
}

function silentForMs(file: string): number {
  return Date.now() - statSync(file).mtimeMs;
}

function writeOwner(file: string, owner: Owner): void {
  const draft = `${file}.${owner.token}`;
  writeFileSync(draft, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

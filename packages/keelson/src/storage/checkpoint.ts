import { rename, rm, writeFile } from 'node:fs/promises';
import { readIfExists } from '../pki/pki-files.js';

/** How far a migration has come: what is needed to go on with it, and to say in the end what was done. */
export interface MigrationState {
  /** URL of the cluster: elsewhere it means nothing. */
  readonly server: string;
  /** Resources that are finished, such as `deployments.apps`. */
  readonly done: readonly string[];
  /** The resource under way, and where its next page begins. */
  readonly current?: { readonly resource: string; readonly continueToken: string };
  readonly counts: MigrationCounts;
  /** One text for each object that could not be written. */
  readonly failures: readonly string[];
}

export interface MigrationCounts {
  readonly rewritten: number;
  readonly unchanged: number;
  readonly gone: number;
}

/** A migration's state, kept in a file when there is one to keep it in. */
export class Checkpoint {
  constructor(private readonly file: string) {}

  /** The state that an earlier run has left, or the one to begin with. Throws when it is of another cluster. */
  async load(server: string): Promise<MigrationState> {
    const text = this.file === '' ? undefined : await readIfExists(this.file);
    if (text === undefined) return { server, done: [], counts: { rewritten: 0, unchanged: 0, gone: 0 }, failures: [] };
    const state = this.#parse(text);
    if (state.server !== server) throw new Error(`--checkpoint ${this.file} is of ${state.server}, not of ${server}`);
    return state;
  }

  /** Replaces the file as a whole: one that is killed leaves the state before or after. */
  async save(state: MigrationState): Promise<void> {
    if (this.file === '') return;
    const next = `${this.file}.new`;
    await writeFile(next, `${JSON.stringify(state)}\n`);
    await rename(next, this.file);
  }

  async remove(): Promise<void> {
    if (this.file !== '') await rm(this.file, { force: true });
  }

  #parse(text: string): MigrationState {
    try {
      const state = JSON.parse(text) as MigrationState;
      if (typeof state?.server === 'string' && Array.isArray(state.done) && Array.isArray(state.failures)) return state;
    } catch (error) {
      throw new Error(`--checkpoint ${this.file} is no checkpoint`, { cause: error });
    }
    throw new Error(`--checkpoint ${this.file} is no checkpoint`);
  }
}

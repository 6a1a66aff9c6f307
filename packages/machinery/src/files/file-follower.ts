import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';

/** File events come in bursts, and files that belong together are never replaced at the same instant. */
const SETTLE_MS = 500;
/** Events can be lost (network file systems), so it is also looked this often. */
const LOOK_MS = 60_000;

/**
 * Calls `look` when files may have changed: whoever follows them reads them and compares. Mounted secrets change by
 * swapping links, so directories are watched, not files.
 */
export class FileFollower {
  readonly #files: readonly string[];
  readonly #look: () => void;
  readonly #onFailure: (directory: string, error: unknown) => void;
  readonly #watchers: FSWatcher[] = [];
  #interval: NodeJS.Timeout | undefined;
  #settling: NodeJS.Timeout | undefined;

  constructor(files: readonly string[], look: () => void, onFailure: (directory: string, error: unknown) => void) {
    this.#files = files;
    this.#look = look;
    this.#onFailure = onFailure;
  }

  start(): void {
    for (const directory of new Set(this.#files.map((file) => dirname(file)))) this.#watch(directory);
    this.#interval = setInterval(this.#look, LOOK_MS).unref();
  }

  close(): void {
    for (const watcher of this.#watchers.splice(0)) watcher.close();
    clearInterval(this.#interval);
    clearTimeout(this.#settling);
  }

  #watch(directory: string): void {
    const watcher = watch(directory, { persistent: false }, () => this.#settle());
    watcher.on('error', (error) => this.#onFailure(directory, error));
    this.#watchers.push(watcher);
  }

  /** The first event counts: a directory may be written to all the time. */
  #settle(): void {
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      this.#look();
    }, SETTLE_MS).unref();
  }
}

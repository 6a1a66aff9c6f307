import { chmod, chown, type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Appendable } from './log-output.js';
import { freeBackupPath, type KeptBackups, tidyBackups } from './rotated-files.js';

export interface RotatingFileOptions extends KeptBackups {
  readonly path: string;
  /** The file is put aside before it becomes larger. */
  readonly maxBytes: number;
  /** Told of what went wrong with files that were put aside. */
  onFailure(error: unknown): void;
}

/** For the eyes of the server's user alone. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

/** A log file that is put aside under the time of that when it is full. */
export class RotatingFile implements Appendable {
  readonly #options: RotatingFileOptions;
  #file: FileHandle;
  #bytes: number;
  #tidying: Promise<void>;

  private constructor(options: RotatingFileOptions, file: FileHandle, bytes: number) {
    this.#options = options;
    this.#file = file;
    this.#bytes = bytes;
    this.#tidying = this.#tidy();
  }

  /** Goes on with the file if there is one. */
  static async open(options: RotatingFileOptions): Promise<RotatingFile> {
    await mkdir(dirname(options.path), { recursive: true, mode: DIRECTORY_MODE });
    const file = await openFile(options.path);
    return new RotatingFile(options, file, (await file.stat()).size);
  }

  get maxBytes(): number {
    return this.#options.maxBytes;
  }

  async append(bytes: Buffer): Promise<void> {
    const { maxBytes } = this.#options;
    if (bytes.length > maxBytes) throw new Error(`write length ${bytes.length} exceeds maximum file size ${maxBytes}`);
    if (this.#bytes + bytes.length > maxBytes) await this.#rotate();
    try {
      await this.#write(bytes);
    } catch (error) {
      // Half a line would spoil the next one, too.
      await this.#file.truncate(this.#bytes).catch(this.#options.onFailure);
      throw error;
    }
    this.#bytes += bytes.length;
  }

  /** What `appendFile` does, which takes several times as long to begin. */
  async #write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) at += (await this.#file.write(bytes, at)).bytesWritten;
  }

  async close(): Promise<void> {
    await this.#file.close();
    await this.#tidying;
  }

  async #rotate(): Promise<void> {
    const { path } = this.#options;
    await this.#file.close();
    // It may have been taken away.
    const old = await stat(path).catch(() => undefined);
    if (old !== undefined) await rename(path, await freeBackupPath(path, Date.now()));
    this.#file = await openFile(path);
    this.#bytes = 0;
    if (old !== undefined) await this.#keepAccess(old);
    this.#tidying = this.#tidying.then(() => this.#tidy());
  }

  /** Somebody may have let others read it. */
  async #keepAccess({ mode, uid, gid }: { readonly mode: number; readonly uid: number; readonly gid: number }): Promise<void> {
    const { path, onFailure } = this.#options;
    await chmod(path, mode & 0o777).catch(onFailure);
    if (process.getuid?.() === 0) await chown(path, uid, gid).catch(onFailure);
  }

  #tidy(): Promise<void> {
    return tidyBackups(this.#options.path, this.#options, Date.now()).catch(this.#options.onFailure);
  }
}

function openFile(path: string): Promise<FileHandle> {
  return open(path, 'a', FILE_MODE);
}

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Readable by their owner only. */
const secretMode = 0o600;
const publicMode = 0o644;

export const certificateFile = (dir: string, path: string): string => join(dir, `${path}.crt`);
export const keyFile = (dir: string, path: string): string => join(dir, `${path}.key`);

/** Content of a file, undefined when there is none. */
export async function readIfExists(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

export const writeSecretFile = (file: string, content: string): Promise<void> => writeWhole(file, content, secretMode);

export const writePublicFile = (file: string, content: string): Promise<void> => writeWhole(file, content, publicMode);

/** Replaces a file in one step, so that a reader never sees half of it and a crash leaves the old one. */
async function writeWhole(file: string, content: string, mode: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, content, { mode });
  await rename(temporary, file);
}

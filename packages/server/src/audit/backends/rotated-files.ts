import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** Which of the files that were put aside are kept, and how. */
export interface KeptBackups {
  /** 0: all. */
  readonly maxBackups: number;
  /** 0: however old they are. */
  readonly maxAgeDays: number;
  readonly compress: boolean;
}

interface Backup {
  readonly file: string;
  readonly at: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const COMPRESSED = '.gz';

/** `audit.log` is put aside as `audit-2025-01-02T15-04-05.000.log`, in UTC. */
export function backupPath(path: string, at: Date): string {
  const extension = extname(path);
  const time = at.toISOString().slice(0, -1).replaceAll(':', '-');
  return join(dirname(path), `${basename(path, extension)}-${time}${extension}`);
}

/** The first name from `nowMs` on that no file has: many may be put aside in one millisecond. */
export async function freeBackupPath(path: string, nowMs: number): Promise<string> {
  const taken = new Set((await readdir(dirname(path))).map(uncompressedName));
  for (let at = nowMs; ; at++) {
    const free = backupPath(path, new Date(at));
    if (!taken.has(basename(free))) return free;
  }
}

/** Removes files that are too many or too old, and compresses those that stay. */
export async function tidyBackups(path: string, { maxBackups, maxAgeDays, compress }: KeptBackups, nowMs: number): Promise<void> {
  const backups = await findBackups(path);
  const names = new Set<string>();
  for (const { file, at } of backups) {
    names.add(uncompressedName(file));
    const isTooMany = maxBackups > 0 && names.size > maxBackups;
    if (isTooMany || (maxAgeDays > 0 && at < nowMs - maxAgeDays * DAY_MS)) await rm(file, { force: true });
    else if (compress && !file.endsWith(COMPRESSED)) await compressFile(file);
  }
}

/** The newest first. */
async function findBackups(path: string): Promise<Backup[]> {
  const directory = dirname(path);
  const backups = (await readdir(directory)).flatMap((name) => {
    const at = timeInName(path, name);
    return at === undefined ? [] : { file: join(directory, name), at };
  });
  return backups.sort((a, b) => b.at - a.at);
}

function timeInName(path: string, name: string): number | undefined {
  const extension = extname(path);
  const prefix = `${basename(path, extension)}-`;
  const plain = uncompressedName(name);
  if (!plain.startsWith(prefix) || !plain.endsWith(extension)) return undefined;
  const [, day, hour, minute, second] =
    /^(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d\.\d{3})$/.exec(plain.slice(prefix.length, plain.length - extension.length)) ?? [];
  const at = Date.parse(`${day}${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? undefined : at;
}

function uncompressedName(name: string): string {
  return name.endsWith(COMPRESSED) ? name.slice(0, -COMPRESSED.length) : name;
}

/** The plain file stays until the compressed one is whole. */
async function compressFile(file: string): Promise<void> {
  const { mode } = await stat(file);
  await pipeline(createReadStream(file), createGzip(), createWriteStream(`${file}${COMPRESSED}`, { mode: mode & 0o777 }));
  await rm(file, { force: true });
}

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readIfExists } from '../pki/pki-files.js';

/** A process, told apart from a later one with the same number by when it started. */
export interface ProcessRecord {
  readonly pid: number;
  /** In clock ticks since boot; empty where the system does not tell. */
  readonly startTime: string;
}

export async function writeProcessRecord(file: string, pid: number): Promise<void> {
  const record: ProcessRecord = { pid, startTime: (await startTimeOf(pid)) ?? '' };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(record), { mode: 0o600 });
}

export const removeProcessRecord = (file: string): Promise<void> => rm(file, { force: true });

/** The recorded process if it still runs. */
export async function readLiveProcess(file: string): Promise<ProcessRecord | undefined> {
  const record = parseRecord(await readIfExists(file));
  if (record === undefined || !isAlive(record.pid)) return undefined;
  return ((await startTimeOf(record.pid)) ?? '') === record.startTime ? record : undefined;
}

/** A file cut short by a crash counts as none. */
function parseRecord(text: string | undefined): ProcessRecord | undefined {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is ProcessRecord =>
  typeof value === 'object' && value !== null && 'pid' in value && Number.isSafeInteger(value.pid) && 'startTime' in value;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Field 22 of proc(5)'s stat; the command in field 2 may hold spaces and parentheses, so fields count from behind it. None
 * for a process that has ended and whose parent has not noticed yet: field 3 says so.
 */
async function startTimeOf(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

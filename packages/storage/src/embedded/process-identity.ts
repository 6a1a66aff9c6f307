import { readFileSync, readlinkSync } from 'node:fs';

/** Tells one run of one process from every other on a Linux host, where process ids and container ids come again. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start of the process, in clock ticks since boot. */
  readonly startTicks: string;
  readonly bootId: string;
  /** Processes of other namespaces cannot be looked up by their id. */
  readonly pidNamespace: string;
}

export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    startTicks: startTicksOf(process.pid) ?? '',
    bootId: readText('/proc/sys/kernel/random/boot_id') ?? '',
    pidNamespace: readLink('/proc/self/ns/pid') ?? '',
  };
}

/** Whether the process still runs; undefined when that cannot be known from here. */
export function isRunning(process: ProcessIdentity): boolean | undefined {
  const here = ownIdentity();
  if (process.bootId !== here.bootId) return false;
  if (process.pidNamespace !== here.pidNamespace) return undefined;
  return existsProcess(process.pid) && (startTicksOf(process.pid) ?? '') === process.startTicks;
}

function existsProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of /proc/<pid>/stat; the second field, the program's name in parentheses, may hold anything. */
function startTicksOf(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** Undefined where there is no /proc or no such process. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

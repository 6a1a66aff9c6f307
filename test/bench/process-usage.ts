import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** CPU of all threads of a process so far, in µs. From the scheduler's own count, finer than the clock ticks of `stat`. */
export function cpuMicroseconds(pid: number): number {
  let nanoseconds = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'latin1').split(' ')[0]);
  }
  return nanoseconds / 1000;
}

function statusMegabytes(pid: number, name: string): number {
  const line = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  if (line === null) throw new Error(`/proc/${pid}/status has no ${name}`);
  return Number(line[1]) / 1024;
}

/** Resident memory now. */
export function rssMegabytes(pid: number): number {
  return statusMegabytes(pid, 'VmRSS');
}

/** Highest resident memory since the start, or since `forgetPeak`. */
export function peakMegabytes(pid: number): number {
  return statusMegabytes(pid, 'VmHWM');
}

export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

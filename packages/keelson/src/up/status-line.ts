import { relative } from 'node:path';
import type { ProcessStatus } from './supervised-process.js';

/** One line for a change of one process: name, state, where it answers, and why or where to read more. */
export function statusLine({ name, state, endpoint, logFile, pid, detail }: ProcessStatus): string {
  const where = state === 'ready' ? `${endpoint}  process ${pid}  log ${relative(process.cwd(), logFile)}` : detail;
  return `${name.padEnd(12)} ${state.padEnd(10)} ${where}`.trimEnd();
}

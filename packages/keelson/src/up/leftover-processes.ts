import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Output } from '../output.js';
import type { ClusterPaths } from './cluster-paths.js';
import { readLiveProcess, removeProcessRecord } from './process-record.js';

const pollMs = 100;
const killAfterMs = 10_000;

/** Ends the processes of an earlier run that was killed before it could stop them: they hold its ports and data. */
export async function stopLeftoverProcesses(paths: ClusterPaths, output: Output): Promise<void> {
  const files = await readdir(paths.run).catch(() => []);
  await Promise.all(files.filter((file) => file.endsWith('.json')).map((file) => stopLeftover(join(paths.run, file), output)));
}

async function stopLeftover(file: string, output: Output): Promise<void> {
  const leftover = await readLiveProcess(file);
  if (leftover !== undefined) {
    output.print(`stopping ${basename(file, '.json')} (process ${leftover.pid}), left over from an earlier run`);
    process.kill(leftover.pid, 'SIGTERM');
    const deadline = performance.now() + killAfterMs;
    while ((await readLiveProcess(file)) !== undefined) {
      if (performance.now() > deadline) process.kill(leftover.pid, 'SIGKILL');
      await delay(pollMs);
    }
  }
  await removeProcessRecord(file);
}

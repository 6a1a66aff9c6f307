import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterPaths } from './cluster-paths.js';
import { readLiveProcess, removeProcessRecord, writeProcessRecord } from './process-record.js';

/** Claims the data directory for this process. The returned function gives it back. */
export async function lockDataDir(paths: ClusterPaths): Promise<() => Promise<void>> {
  const file = join(paths.root, 'up.json');
  await mkdir(paths.root, { recursive: true });
  const holder = await readLiveProcess(file);
  if (holder !== undefined && holder.pid !== process.pid) {
    throw new Error(
      `${paths.root} is in use by another "keelson up" (process ${holder.pid}): stop it, or choose another directory with --data-dir`,
    );
  }
  await writeProcessRecord(file, process.pid);
  return () => removeProcessRecord(file);
}

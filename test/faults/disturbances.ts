import { setTimeout as sleep } from 'node:timers/promises';
import { httpsGet } from '../support/https-get.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { clusterProcessId } from '../support/start-cluster.js';
import { waitUntil } from '../support/wait-until.js';

/** Something that happens to one process of a cluster. */
export interface Disturbance {
  readonly process: string;
  /** How long it stands still; absent: it is killed, and the cluster starts another one. */
  readonly pausedMs?: number;
}

/** Disturbs one process, and waits until the cluster is whole again. */
export async function disturb(cluster: RunningKeelson, ports: readonly number[], { process: name, pausedMs }: Disturbance): Promise<void> {
  const id = await clusterProcessId(cluster.dir, name);
  if (pausedMs === undefined) await kill(cluster, name, id);
  else await pause(id, pausedMs);
  await waitUntil('every server to be ready', async () => {
    const answers = await Promise.all(ports.map((port) => httpsGet(`https://127.0.0.1:${port}/readyz`, cluster.ca, cluster.adminToken)));
    return answers.every((answer) => answer?.code === 200);
  });
}

async function kill({ dir }: RunningKeelson, name: string, id: number): Promise<void> {
  process.kill(id, 'SIGKILL');
  await waitUntil(`${name} to be started again`, async () => (await clusterProcessId(dir, name).catch(() => id)) !== id);
}

async function pause(id: number, pausedMs: number): Promise<void> {
  process.kill(id, 'SIGSTOP');
  try {
    await sleep(pausedMs);
  } finally {
    process.kill(id, 'SIGCONT');
  }
}

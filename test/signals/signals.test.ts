import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readLiveProcess } from '../../packages/keelson/src/up/process-record.js';
import { httpsGet } from '../support/https-get.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';
import { startCluster } from '../support/start-cluster.js';
import { waitUntil } from '../support/wait-until.js';
import { openWatch } from './open-watch.js';

let server: RunningKeelson | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const longDelay = { 'shutdown-delay-duration': '10m' };

async function readiness({ url, ca, adminToken }: RunningKeelson): Promise<number | undefined> {
  return (await httpsGet(`${url}/readyz`, ca, adminToken))?.code;
}

/** Sends the first signal and waits until it has been heard. */
async function beginStop({ process }: RunningKeelson, signal: NodeJS.Signals): Promise<void> {
  process.signal(signal);
  await waitUntil('the signal to be heard', async () => (await process.log()).includes(`${signal}: stopping`) || undefined);
}

/** Names of the processes of a cluster that still run. */
async function liveProcesses(dir: string): Promise<string[]> {
  const run = join(dir, 'data', 'run');
  const live = (await readdir(run)).map(async (file) => ((await readLiveProcess(join(run, file))) ? [file] : []));
  return (await Promise.all(live)).flat().sort();
}

describe('keelson apiserver', () => {
  it('serves through the shutdown delay, not ready, ends its watches, and exits with 0', async () => {
    server = await startApiServer({ backend: 'embedded', flags: { 'shutdown-delay-duration': '2s' } });
    const { url, ca, adminToken, process } = server;
    const watch = await openWatch(server);
    await beginStop(server, 'SIGTERM');
    expect(await readiness(server)).toBe(500);
    expect((await httpsGet(`${url}/api/v1/configmaps`, ca, adminToken))?.code).toBe(200);
    expect(await watch.ended).toBe('whole');
    expect(await process.ended()).toBe(0);
  });

  it.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGTERM'],
  ] as const)('exits with 1 at once when it gets %s and then %s, a watch open', async (first, second) => {
    server = await startApiServer({ backend: 'embedded', flags: longDelay });
    const watch = await openWatch(server);
    await beginStop(server, first);
    expect(await readiness(server)).toBe(500);
    server.process.signal(second);
    expect(await server.process.ended()).toBe(1);
    expect(await watch.ended).toBe('cut off');
  });
});

describe('keelson up', () => {
  it('exits with 1 at once on a second signal', async () => {
    server = await startCluster({ masters: 0, flags: longDelay });
    const watch = await openWatch(server);
    await beginStop(server, 'SIGINT');
    server.process.signal('SIGINT');
    expect(await server.process.ended()).toBe(1);
    expect(await watch.ended).toBe('cut off');
  });

  it('leaves no process behind on a second signal', async () => {
    server = await startCluster({ masters: 1, flags: longDelay });
    const { dir, process } = server;
    const watch = await openWatch(server);
    expect(await liveProcesses(dir)).toEqual(['apiserver-0.json', 'etcd-0.json', 'haproxy.json']);
    await beginStop(server, 'SIGINT');
    process.signal('SIGTERM');
    expect(await process.ended()).toBe(1);
    expect(await watch.ended).toBe('cut off');
    await waitUntil('the processes to end', async () => (await liveProcesses(dir)).length === 0 || undefined);
  });
});

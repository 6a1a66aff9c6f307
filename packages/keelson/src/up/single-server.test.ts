import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunningApiServer } from '../apiserver/running-api-server.js';
import { parseFlags } from '../flags/parse-flags.js';
import { type ClusterPaths, clusterPaths } from './cluster-paths.js';
import { startSingleServer } from './single-server.js';
import { freePortRange } from './testing/free-ports.js';
import { upFlags } from './up-flags.js';

let paths: ClusterPaths;
let server: RunningApiServer | undefined;

beforeEach(async () => {
  paths = clusterPaths(await mkdtemp(join(tmpdir(), 'single-')));
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await rm(paths.root, { recursive: true });
});

async function start(...args: string[]): Promise<void> {
  const { values, given } = parseFlags(upFlags, [`--secure-port=${await freePortRange(1)}`, ...args]);
  server = await startSingleServer(paths, values, given);
}

async function codeOf(path: string): Promise<number | undefined> {
  const ca = await readFile(join(paths.pki, 'ca.crt'));
  const [answer] = (await once(request(`${server?.url}${path}`, { ca, agent: false }).end(), 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

it('lets whoever shows no credentials ask for health, and nothing else', async () => {
  await start();
  await expect.poll(() => codeOf('/readyz')).toBe(200);
  expect(await Promise.all(['/livez', '/healthz', '/version', '/api', '/apis', '/metrics'].map(codeOf))).toEqual([
    200, 200, 401, 401, 401, 401,
  ]);
  const where = ['--kubeconfig=/dev/null', `--server=${server?.url}`, `--certificate-authority=${join(paths.pki, 'ca.crt')}`];
  const asked = promisify(execFile)('kubectl', [
    ...where,
    `--cache-dir=${join(paths.root, 'cache')}`,
    '--username=me',
    '--password=mine',
    'get',
    'nodes',
  ]);
  await expect(asked).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('error: You must be logged in to the server (') });
});

it('does as it is told about them', async () => {
  await start('--anonymous-auth=true');
  await expect.poll(() => codeOf('/version')).toBe(200);
});

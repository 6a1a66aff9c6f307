import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortRange } from '../../packages/keelson/src/up/testing/free-ports.js';
import { TestProcess } from './child-process.js';
import { adminToken, aliceToken, writeTokenFile, writeTokenKubeconfig } from './credentials.js';
import { httpsGet } from './https-get.js';
import { keelsonProgram } from './keelson-program.js';
import type { RunningKeelson } from './running-keelson.js';
import { flagArgs } from './start-api-server.js';

export interface ClusterOptions {
  /** API servers and etcd members behind HAProxy; 0 for one process with an embedded store. */
  readonly masters: number;
  readonly flags?: Readonly<Record<string, string>>;
}

const startMs = 120_000;

/** Starts `keelson up` on free ports. */
export async function startCluster({ masters, flags = {} }: ClusterOptions): Promise<RunningKeelson> {
  const dir = await mkdtemp(join(tmpdir(), 'keelson-e2e-'));
  const [port, dataDir] = [await freePortRange(1 + 3 * masters), join(dir, 'data')];
  const url = `https://127.0.0.1:${port}`;
  const caFile = join(dataDir, 'pki', 'ca.crt');
  const args = flagArgs({
    masters: String(masters),
    'data-dir': dataDir,
    'secure-port': String(port),
    'replica-port': String(port + 1),
    'etcd-port': String(port + 1 + masters),
    'token-auth-file': await writeTokenFile(dir),
    ...flags,
  });
  const cluster = new TestProcess([process.execPath, keelsonProgram, 'up', ...args], join(dir, 'up.log'));
  const stop = async () => {
    await cluster.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await cluster.ready(async () => (await cluster.log()).includes('Type next:'), startMs);
    const ca = await readFile(caFile, 'utf8');
    await cluster.ready(async () => (await httpsGet(`${url}/readyz`, ca, adminToken))?.code === 200, startMs);
    const kubeconfig = join(dir, 'kubeconfig');
    await writeTokenKubeconfig(kubeconfig, url, caFile);
    const etcd = masters === 0 ? undefined : await etcdAddress(dataDir, port + 1 + masters);
    return { url, ca, caFile, kubeconfig, dir, adminToken, aliceToken, process: cluster, etcd, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function etcdAddress(dataDir: string, port: number) {
  const read = (file: string) => readFile(join(dataDir, 'pki', file), 'utf8');
  const [ca, cert, key] = await Promise.all(['etcd/ca.crt', 'apiserver-etcd-client.crt', 'apiserver-etcd-client.key'].map(read));
  return { url: `https://127.0.0.1:${port}`, ca, cert, key };
}

/** A process of a running cluster, such as `apiserver-0` or `haproxy`. */
export async function clusterProcessId(dir: string, name: string): Promise<number> {
  const record = JSON.parse(await readFile(join(dir, 'data', 'run', `${name}.json`), 'utf8')) as { pid: number };
  return record.pid;
}

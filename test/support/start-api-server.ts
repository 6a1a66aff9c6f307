import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePortRange } from '../../packages/keelson/src/up/testing/free-ports.js';
import { TestProcess } from './child-process.js';
import { adminToken, aliceToken, writeTokenFile, writeTokenKubeconfig } from './credentials.js';
import { httpsGet } from './https-get.js';
import { keelsonProgram } from './keelson-program.js';
import type { RunningKeelson } from './running-keelson.js';
import { startEtcd } from './start-etcd.js';

export interface ApiServerOptions {
  readonly backend: 'embedded' | 'etcd';
  /** An etcd that runs already, to be shared with other servers, instead of one of its own. */
  readonly etcdUrl?: string;
  /** More flags of `keelson apiserver`, and others instead of those below. */
  readonly flags?: Readonly<Record<string, string>> | undefined;
  /** Files in the server's folder by name, which flags call `{dir}`. */
  readonly files?: Readonly<Record<string, string>> | undefined;
}

const startMs = 60_000;

/** Flags of the kube-apiserver whose answers were recorded. */
const recordedFlags = {
  'authorization-mode': 'RBAC,Node',
  'disable-admission-plugins': 'ServiceAccount',
  'service-cluster-ip-range': '10.0.0.0/24',
  'allow-privileged': 'true',
  'service-account-issuer': 'https://kubernetes.default.svc',
};

/** On top of those, the flags for the area "extra", which was recorded with the ServiceAccount plugin on. */
export const extraFlags = {
  'disable-admission-plugins': '',
  'enable-admission-plugins': 'NodeRestriction,AlwaysPullImages,DenyServiceExternalIPs,ExtendedResourceToleration',
  'runtime-config': 'api/all=true',
  'service-cluster-ip-range': '10.0.0.0/24,fd00:10::/112',
};

/** Starts one `keelson apiserver` as the recorded kube-apiserver ran: nothing beside it, no controllers. */
export async function startApiServer({ backend, etcdUrl, flags = {}, files = {} }: ApiServerOptions): Promise<RunningKeelson> {
  const dir = await mkdtemp(join(tmpdir(), 'keelson-e2e-'));
  const pki = join(dir, 'pki');
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  const own = backend === 'etcd' && etcdUrl === undefined ? await startEtcd(dir) : undefined;
  const etcd = etcdUrl === undefined ? own : { url: etcdUrl };
  await promisify(execFile)(process.execPath, [keelsonProgram, 'pki', 'init', '--dir', pki]);
  const port = await freePortRange(1);
  const url = `https://127.0.0.1:${port}`;
  const caFile = join(pki, 'ca.crt');
  const args = flagArgs({
    ...recordedFlags,
    ...(etcd ? { 'etcd-servers': etcd.url } : { 'storage-backend': 'embedded', 'data-dir': join(dir, 'store') }),
    'bind-address': '127.0.0.1',
    'secure-port': String(port),
    'tls-cert-file': join(pki, 'apiserver.crt'),
    'tls-private-key-file': join(pki, 'apiserver.key'),
    'client-ca-file': caFile,
    'requestheader-client-ca-file': join(pki, 'front-proxy-ca.crt'),
    'requestheader-allowed-names': 'front-proxy',
    'requestheader-username-headers': 'X-Remote-User',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'proxy-client-cert-file': join(pki, 'front-proxy-client.crt'),
    'proxy-client-key-file': join(pki, 'front-proxy-client.key'),
    'service-account-key-file': join(pki, 'sa.pub'),
    'service-account-signing-key-file': join(pki, 'sa.key'),
    'token-auth-file': await writeTokenFile(dir),
    ...flags,
  }).map((arg) => arg.replaceAll('{dir}', dir));
  const server = new TestProcess([process.execPath, keelsonProgram, 'apiserver', ...args], join(dir, 'apiserver.log'));
  const stop = async () => {
    await server.stop();
    await own?.stop();
    await rm(dir, { recursive: true, force: true });
  };
  const ca = await readFile(caFile, 'utf8');
  try {
    await server.ready(async () => (await httpsGet(`${url}/readyz`, ca, adminToken))?.code === 200, startMs);
    const kubeconfig = join(dir, 'kubeconfig');
    await writeTokenKubeconfig(kubeconfig, url, caFile);
    return { url, ca, caFile, kubeconfig, dir, adminToken, aliceToken, process: server, etcd: etcd && { url: etcd.url }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export function flagArgs(flags: Readonly<Record<string, string>>): string[] {
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}

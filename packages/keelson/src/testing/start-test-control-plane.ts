import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KubeClient, type RemoteAccess } from '@keelson/machinery';
import { renderKubeconfig } from '@keelson/schema';
import type { AdjustableLog } from '@keelson/server';
import { MemoryBackend } from '@keelson/storage/memory';
import { optionsFromFlags } from '../apiserver/from-flags/options-from-flags.js';
import type { RunningApiServer } from '../apiserver/running-api-server.js';
import { startApiServer } from '../apiserver/start.js';
import { apiServerFlags } from '../flags/apiserver-flags.js';
import { parseFlags } from '../flags/parse-flags.js';
import { certificateFile, keyFile } from '../pki/pki-files.js';
import { freePort } from './free-port.js';
import { SERVICE_RANGE, testPki } from './test-pki.js';

export interface TestControlPlaneOptions {
  /** Flags of kube-apiserver by name, besides those of the defaults below or in place of them. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Silent when absent. */
  readonly log?: AdjustableLog;
}

/** An API server of its own for a test, with its store in memory. */
export interface TestControlPlane {
  readonly url: string;
  /** How the administrator reaches it. */
  readonly access: RemoteAccess;
  /** Text of a kubeconfig file for the administrator. */
  readonly kubeconfig: string;
  /** As the administrator. */
  readonly client: KubeClient;
  stop(): Promise<void>;
}

const silent: AdjustableLog = { verbosity: 0, error: () => undefined, warn: () => undefined, info: () => undefined, enabled: () => false };
/** Others may take the free port before the server does. */
const ATTEMPTS = 5;

/**
 * Starts an API server in this process, ready for use when the promise is fulfilled. There can be many at a time, each with
 * objects of its own. Nothing runs besides: no controllers that would make pods of deployments, and no service accounts' tokens for pods.
 */
export async function startTestControlPlane(options: TestControlPlaneOptions = {}): Promise<TestControlPlane> {
  const pki = await testPki();
  const [certificateAuthority, clientCertificate, clientKey] = await Promise.all(
    [certificateFile(pki, 'ca'), certificateFile(pki, 'admin'), keyFile(pki, 'admin')].map((file) => readFile(file, 'utf8')),
  );
  const server = await startOnFreePort(pki, options);
  const certificates = { certificateAuthority, clientCertificate, clientKey } as Required<
    Pick<RemoteAccess, 'certificateAuthority' | 'clientCertificate' | 'clientKey'>
  >;
  const access = { server: server.url, insecureSkipTlsVerify: false, ...certificates };
  const client = new KubeClient(access);
  const plane: TestControlPlane = {
    url: server.url,
    access,
    client,
    kubeconfig: renderKubeconfig({ cluster: 'test', user: 'admin', server: server.url, ...certificates }),
    async stop() {
      client.close();
      await server.stop();
    },
  };
  await server.whenReady();
  return plane;
}

async function startOnFreePort(pki: string, { flags = {}, log = silent }: TestControlPlaneOptions): Promise<RunningApiServer> {
  for (let left = ATTEMPTS; ; left--) {
    const args = Object.entries({ ...defaultFlags(pki), 'secure-port': String(await freePort()), ...flags }).map(
      ([name, value]) => `--${name}=${value}`,
    );
    const backend = new MemoryBackend();
    const storage = { backend, checkHealth: async () => void (await backend.currentRevision()) };
    try {
      return await startApiServer(optionsFromFlags(parseFlags(apiServerFlags, args)), { storage, log });
    } catch (error) {
      if (left <= 1 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

function defaultFlags(pki: string): Record<string, string> {
  return {
    'storage-backend': 'embedded',
    'data-dir': join(pki, 'unused'),
    'bind-address': '127.0.0.1',
    'authorization-mode': 'RBAC',
    'disable-admission-plugins': 'ServiceAccount',
    'service-cluster-ip-range': SERVICE_RANGE,
    'tls-cert-file': certificateFile(pki, 'apiserver'),
    'tls-private-key-file': keyFile(pki, 'apiserver'),
    'client-ca-file': certificateFile(pki, 'ca'),
    'requestheader-client-ca-file': certificateFile(pki, 'front-proxy-ca'),
    'requestheader-allowed-names': 'front-proxy-client',
    'requestheader-username-headers': 'X-Remote-User',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'proxy-client-cert-file': certificateFile(pki, 'front-proxy-client'),
    'proxy-client-key-file': keyFile(pki, 'front-proxy-client'),
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': join(pki, 'sa.pub'),
    'service-account-signing-key-file': join(pki, 'sa.key'),
  };
}

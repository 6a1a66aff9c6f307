import type { KvBackend } from '@keelson/storage';
import { MemoryBackend } from '@keelson/storage/memory';
import { ApiServer, type ApiServerConfig } from '../api-server.js';
import { authority, server as serving } from '../http/testing/certificates.js';
import { RecordedLog } from '../http/testing/running-server.js';
import { versionInfo } from '../version/version.js';
import { ApiClient } from './api-client.js';
import { createTestGroups } from './resources.js';

/** A server that tests talk to over TLS on the loopback interface, with everybody an administrator. */
export interface TestServer {
  readonly api: ApiServer;
  readonly backend: KvBackend;
  readonly log: RecordedLog;
  readonly port: number;
  /** Over HTTP/1.1. */
  readonly client: ApiClient;
  /** Over HTTP/2, on a connection of its own. */
  http2(): Promise<ApiClient>;
  stop(): Promise<void>;
}

const everybody = { user: { name: 'admin', groups: ['system:masters'] } };
const running = new Set<TestServer>();

/** Starts a server with the resources of `createTestGroups` on an empty memory store, or with what `config` says. */
export async function startTestServer(config: Partial<ApiServerConfig> = {}): Promise<TestServer> {
  const log = new RecordedLog();
  const backend = config.backend ?? new MemoryBackend();
  const api = new ApiServer({
    backend,
    keyPrefix: '/registry',
    groups: createTestGroups(),
    enabled: ({ enabledByDefault }) => enabledByDefault,
    authenticator: { authenticate: () => everybody },
    authorizer: { authorize: () => ({ decision: 'allow' }) },
    admissionPlugins: [],
    listen: { host: '127.0.0.1', port: 0, tls: { certificate: serving.certificate, key: serving.key, clientAuthorities: [authority] } },
    chain: { requestTimeoutMs: 60_000 },
    maxRequestsInFlight: 0,
    maxMutatingRequestsInFlight: 0,
    minWatchMs: 600_000,
    shutdown: { delayMs: 0, watchSpreadMs: 0 },
    version: versionInfo('v1.34.0'),
    checkStore: async () => void (await backend.currentRevision()),
    log,
    ...config,
  });
  await api.start();
  const { port } = api.listener.address;
  const clients = [ApiClient.http1(port)];
  const server: TestServer = {
    api,
    backend,
    log,
    port,
    client: clients[0] as ApiClient,
    async http2() {
      const client = await ApiClient.http2(port);
      clients.push(client);
      return client;
    },
    async stop() {
      running.delete(server);
      for (const client of clients) client.close();
      await api.stop();
    },
  };
  running.add(server);
  return server;
}

/** For `afterEach` or `afterAll`. */
export async function stopTestServers(): Promise<void> {
  for (const server of running) await server.stop();
}

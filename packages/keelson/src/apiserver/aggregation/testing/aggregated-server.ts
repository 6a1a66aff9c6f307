import { ExtensionServer } from '@keelson/aggregator/testing';
import { type Credential, issue } from '@keelson/auth/testing';
import type { Json } from '@keelson/machinery';
import { afterAll, beforeAll } from 'vitest';
import { TestApiServer, type Told } from '../../testing/test-api-server.js';

export const GROUP = 'gadgets.example.com';
/** Another extension server, to be killed and changed. */
export const MORTAL = { group: 'mortal.example.com', service: { namespace: 'default', name: 'mortals' } };
export const API_SERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';
export const asAdmin = { authorization: 'Bearer admin' };

type Headers = Readonly<Record<string, string | string[]>>;
type Conditions = { status: { conditions?: { type: string; status: string; reason: string; message: string }[] } };

/** An API server with two extension servers that can stand behind it, and how tests speak to it as its administrator. */
class AggregatedServer {
  private constructor(
    readonly server: TestApiServer,
    /** Asks its clients for certificates of the front proxy. */
    readonly extension: ExtensionServer,
    public mortal: ExtensionServer,
    readonly proxyRoot: Credential,
  ) {}

  static async start(): Promise<AggregatedServer> {
    const proxyRoot = await issue([{ CN: ['proxies'] }], undefined, 'ca');
    const proxy = await issue([{ CN: ['front-proxy'] }], proxyRoot);
    const extension = await ExtensionServer.start({ group: GROUP, clientAuthority: proxyRoot.cert });
    const mortal = await ExtensionServer.start(MORTAL);
    const server = await TestApiServer.start(
      [
        `--service-dial-override=default/gadgets=${extension.address},default/mortals=${mortal.address}`,
        '--proxy-client-cert-file={dir}/proxy.crt',
        '--proxy-client-key-file={dir}/proxy.key',
        '--audit-policy-file={dir}/policy.yaml',
        '--audit-log-path={dir}/audit.log',
      ],
      {
        'policy.yaml': 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n  omitStages: [RequestReceived]\n',
        'proxy.crt': proxy.cert,
        'proxy.key': proxy.key,
        'tokens.csv': 'admin,admin,admin-uid,system:masters\nalice,alïce,alice-uid,"devs,ops"\n',
      },
    );
    return new AggregatedServer(server, extension, mortal, proxyRoot);
  }

  async stop(): Promise<void> {
    await this.extension.kill();
    await this.mortal.kill();
    await this.server.stop();
  }

  send(method: string, path: string, body?: object, headers: Headers = {}): Promise<Told> {
    return this.server.ask(path, { method, headers: { ...asAdmin, ...headers }, ...(body && { body: body as Json }) });
  }

  get(path: string, headers: Headers = {}): Promise<Told> {
    return this.send('GET', path, undefined, headers);
  }

  /** What is said of an APIService: `True Passed: all checks passed`. */
  async available(name: string): Promise<string> {
    const { body } = await this.get(`${API_SERVICES}/${name}`);
    const { status, reason, message } = (body as unknown as Conditions).status.conditions?.[0] ?? {};
    return `${status} ${reason}: ${message}`;
  }

  async untilAvailable(name: string, expected: string): Promise<void> {
    while (!(await this.available(name)).startsWith(expected)) await new Promise(setImmediate);
  }

  /** Creates an APIService, and waits until this is said of it. */
  async register(apiService: { metadata: { name: string } }, expected = 'True Passed: all checks passed'): Promise<void> {
    const { code } = await this.send('POST', API_SERVICES, apiService);
    if (code !== 201) throw new Error(`the APIService was answered with ${code}`);
    await this.untilAvailable(apiService.metadata.name, expected);
  }
}

/** One that is there for all tests of a file, and how they speak to it. */
export function aggregatedServer() {
  let running: AggregatedServer;
  beforeAll(async () => {
    running = await AggregatedServer.start();
  });
  afterAll(() => running.stop());
  const send: AggregatedServer['send'] = (...asked) => running.send(...asked);
  const get: AggregatedServer['get'] = (...asked) => running.get(...asked);
  const available: AggregatedServer['available'] = (...asked) => running.available(...asked);
  const untilAvailable: AggregatedServer['untilAvailable'] = (...asked) => running.untilAvailable(...asked);
  const register: AggregatedServer['register'] = (...asked) => running.register(...asked);
  return { running: () => running, send, get, available, untilAvailable, register };
}

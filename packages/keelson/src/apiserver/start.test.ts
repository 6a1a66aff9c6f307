import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { apiServerFlags } from '../flags/apiserver-flags.js';
import type { Flag } from '../flags/flag.js';
import { FlagError } from '../flags/flag-error.js';
import { parseFlags } from '../flags/parse-flags.js';
import { freePortRange } from '../up/testing/free-ports.js';
import { launchApiServer } from './command.js';
import { optionsFromFlags } from './from-flags/options-from-flags.js';
import type { ApiServerOptions } from './options.js';
import type { RunningApiServer } from './running-api-server.js';
import { openBackend } from './storage/open-backend.js';
import { recordReads } from './testing/recorded-reads.js';

const flags = new Map<string, Flag>(Object.entries<Flag>(apiServerFlags));
/** One at a time: built-in resources are bound to the store of one server. */
let running: RunningApiServer | undefined;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'start-'));
  await writeFile(join(dir, 'tokens.csv'), 'secret,admin,1,system:masters\n', { mode: 0o600 });
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

afterAll(() => rm(dir, { recursive: true, force: true }));

const parse = (args: readonly string[]) => parseFlags(apiServerFlags, args);

async function embedded(...args: string[]): Promise<ApiServerOptions> {
  const port = await freePortRange(1);
  return optionsFromFlags(
    parse([
      '--storage-backend=embedded',
      `--data-dir=${join(dir, `store-${port}`)}`,
      `--cert-dir=${dir}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--token-auth-file=${join(dir, 'tokens.csv')}`,
      '--service-cluster-ip-range=10.96.0.0/16',
      ...args,
    ]),
  );
}

async function start(options: ApiServerOptions): Promise<RunningApiServer> {
  running = await launchApiServer(options);
  return running;
}

async function ask(server: RunningApiServer, path: string, credentials = 'Bearer secret') {
  const ca = await readFile(join(dir, 'apiserver.crt'));
  const headers = credentials === '' ? {} : { authorization: credentials };
  const [response] = (await once(request(`${server.url}${path}`, { ca, headers, agent: false }).end(), 'response')) as [IncomingMessage];
  return { code: response.statusCode, text: await text(response) };
}

describe('a server started from flags', () => {
  it('reads every flag that counts as implemented', () => {
    const { values, given } = parse(['--etcd-servers=https://127.0.0.1:2379']);
    const { value, reads } = recordReads(values);
    optionsFromFlags({ values: value, given });
    // The command reads these before there are options.
    const read = new Set([...reads, 'help', 'version']);
    const names = [...flags].filter(([, { status }]) => status === 'implemented').map(([name]) => name);
    expect(names.filter((name) => !read.has(name))).toEqual([]);
  });

  it('reads every option', async () => {
    // What only a feature needs is read with it alone.
    const features = ['--feature-gates=CoordinatedLeaderElection=true', '--runtime-config=coordination.k8s.io/v1beta1=true'];
    const options = recordReads(await embedded(...features));
    await start(options.value);
    const etcd = recordReads(optionsFromFlags(parse(['--etcd-servers=http://127.0.0.1:2379'])));
    const { backend, checkHealth } = await openBackend(etcd.value, {});
    for (const purpose of ['health', 'readiness'] as const) checkHealth(purpose).catch(() => undefined);
    await backend.close();
    const never = [...new Set([...options.paths, ...etcd.paths])].filter((path) => !options.reads.has(path) && !etcd.reads.has(path));
    // The deadline is looked at when a lease could not be renewed.
    expect(never.filter((path) => path !== 'controllers.leadership.renewDeadlineMs')).toEqual([]);
  });

  it('serves profiles, and log files when told to, to those it knows', async () => {
    const server = await start(await embedded('--enable-logs-handler'));
    for (const path of ['/debug/pprof/', '/debug/flags/', '/logs/']) {
      expect([path, (await ask(server, path)).code, (await ask(server, path, '')).code]).toEqual([path, 200, 401]);
    }
  });

  it('serves neither when told not to, and HTTP/1.1 only', async () => {
    const server = await start(await embedded('--profiling=false', '--disable-http2-serving'));
    for (const path of ['/debug/pprof/', '/debug/pprof/profile', '/debug/flags/v', '/logs', '/logs/']) {
      expect([path, await ask(server, path)]).toEqual([path, { code: 404, text: '404 page not found\n' }]);
    }
    const socket = connect({
      host: '127.0.0.1',
      port: Number(new URL(server.url).port),
      rejectUnauthorized: false,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe('http/1.1');
    socket.destroy();
  });

  it('serves single resources, or all but those, and keeps them as text, when told to', async () => {
    const config = '/v1/podtemplates=false,apps/v1/daemonsets=false,storage.k8s.io/v1beta1/volumeattributesclasses=true';
    const server = await start(await embedded(`--runtime-config=${config}`, '--storage-media-type=application/yaml'));
    const namesOf = async (path: string) => {
      const { resources } = JSON.parse((await ask(server, path)).text) as { resources: readonly { name: string }[] };
      return resources.map(({ name }) => name);
    };
    expect(await namesOf('/apis/storage.k8s.io/v1beta1')).toEqual(['volumeattributesclasses']);
    expect((await namesOf('/apis/apps/v1')).filter((name) => !name.includes('/'))).toEqual([
      'controllerrevisions',
      'deployments',
      'replicasets',
      'statefulsets',
    ]);
    expect((await namesOf('/api/v1')).filter((name) => /^pod/.test(name) && !name.includes('/'))).toEqual(['pods']);
    for (const path of ['/apis/apps/v1/daemonsets', '/api/v1/podtemplates']) {
      const { code, text } = await ask(server, path);
      expect([path, code, JSON.parse(text).message]).toEqual([path, 404, 'the server could not find the requested resource']);
    }
    await expect.poll(async () => (await ask(server, '/readyz')).code, { timeout: 20_000 }).toBe(200);
    expect((await ask(server, '/api/v1/namespaces/default')).code).toBe(200);
  });

  it('keeps out of the endpoints when told to', async () => {
    const server = await start(await embedded('--advertise-address=10.1.2.3', '--endpoint-reconciler-type=none'));
    await expect.poll(async () => (await ask(server, '/readyz')).code, { timeout: 20_000 }).toBe(200);
    expect((await ask(server, '/api/v1/namespaces/default/services/kubernetes')).code).toBe(200);
    expect((await ask(server, '/api/v1/namespaces/default/endpoints/kubernetes')).code).toBe(404);
  });

  it('refuses a configuration of admission plugins that cannot be used', async () => {
    const file = join(dir, 'admission.yaml');
    await writeFile(file, 'plugins: []\n');
    await expect(launchApiServer(await embedded(`--admission-control-config-file=${file}`))).rejects.toThrow(
      new FlagError("failed to apply admission: failed to read plugin config: Object 'Kind' is missing in 'plugins: []\n'"),
    );
  });

  it('refuses storage versions that there are not', async () => {
    await expect(launchApiServer(await embedded('--storage-versions=v2,autoscaling/v1,none/v1'))).rejects.toThrow(
      new FlagError('--storage-versions: group "" has no version "v2": available are v1\n--storage-versions: unknown group "none"'),
    );
  });

  it('refuses to switch what there is not', async () => {
    const config = 'apps/v3=true,none/v1/things=false,batch/v1/jobs=true,imagepolicy.k8s.io/v1alpha1=true';
    await expect(launchApiServer(await embedded(`--runtime-config=${config}`))).rejects.toThrow(
      new FlagError('--runtime-config: group version apps/v3 that has not been registered\n--runtime-config: unknown api groups none'),
    );
  });
});

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isEnvelope, unwrap } from '@keelson/schema';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../golden/api-client.js';
import { readKey, readValues } from '../golden/etcd-gateway.js';
import { TestProcess } from '../support/child-process.js';
import { keelsonProgram } from '../support/keelson-program.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';
import { type RunningEtcd, startEtcd } from '../support/start-etcd.js';
import { waitUntil } from '../support/wait-until.js';

interface Autoscaler {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly maxReplicas: number };
}

const count = 600;
const namespaces = ['default', 'kube-public', 'kube-system'];

let dir: string;
let etcd: RunningEtcd;
let server: RunningKeelson | undefined;
let other: RunningKeelson | undefined;
let client: ApiClient | undefined;
/** What each autoscaler must say, by namespace and name. */
const specs = new Map<string, Autoscaler['spec']>();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-migration-'));
  etcd = await startEtcd(dir);
});

afterEach(async () => {
  client?.close();
  await other?.stop();
  await server?.stop();
  other = server = undefined;
});

afterAll(async () => {
  await etcd?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function start(flags: Record<string, string>): Promise<RunningKeelson> {
  server = await startApiServer({ backend: 'etcd', etcdUrl: etcd.url, flags });
  client = new ApiClient(server, 8);
  return server;
}

async function send<T>(method: string, path: string, body?: object, contentType = 'application/json'): Promise<T> {
  if (server === undefined || client === undefined) throw new Error('no server was started');
  const headers = { Authorization: `Bearer ${server.adminToken}`, 'Content-Type': contentType };
  const answer = await client.send({ method, path, headers, body: body && Buffer.from(JSON.stringify(body)) });
  if (answer.code >= 300) throw new Error(`${method} ${path}: ${answer.code} ${answer.body.toString()}`);
  return JSON.parse(answer.body.toString()) as T;
}

const collection = (namespace: string) => `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`;

async function create(at: number): Promise<void> {
  const [name, namespace] = [`web-${String(at).padStart(5, '0')}`, namespaces[at % namespaces.length] ?? ''];
  const { spec } = await send<Autoscaler>('POST', collection(namespace), {
    metadata: { name },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: 2,
      maxReplicas: 3 + at,
      // What autoscaling/v1 has no fields for.
      metrics: [{ type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 1 + (at % 99) } } }],
      behavior: { scaleDown: { stabilizationWindowSeconds: at % 3600 } },
    },
  });
  specs.set(`${namespace}/${name}`, spec);
}

async function servedSpecs(): Promise<Map<string, Autoscaler['spec']>> {
  const { items } = await send<{ items: Autoscaler[] }>('GET', '/apis/autoscaling/v2/horizontalpodautoscalers');
  return new Map(items.map(({ metadata, spec }) => [`${metadata.namespace}/${metadata.name}`, spec]));
}

/** How many autoscalers are stored in each version. */
async function storedVersions(): Promise<Record<string, number>> {
  const versions: Record<string, number> = {};
  for (const value of (await readValues({ url: etcd.url }, '/registry/horizontalpodautoscalers/')).values()) {
    const version = isEnvelope(value) ? unwrap(value).apiVersion : 'not protobuf';
    versions[version] = (versions[version] ?? 0) + 1;
  }
  return versions;
}

/** Changes, deletes and creates autoscalers, from any place in the list, until it is stopped. */
function keepWriting(): () => Promise<number> {
  let over = false;
  const writing = (async () => {
    let writes = 0;
    for (; !over; writes++) {
      const keys = [...specs.keys()];
      const [namespace = '', name = ''] = (keys[(writes * 7919) % keys.length] ?? '').split('/');
      const path = `${collection(namespace)}/${name}`;
      if (writes % 10 === 8) {
        await send('DELETE', path);
        specs.delete(`${namespace}/${name}`);
      } else if (writes % 10 === 9) await create(count + writes);
      else {
        const patch = { spec: { maxReplicas: 10_000 + writes } };
        specs.set(`${namespace}/${name}`, (await send<Autoscaler>('PATCH', path, patch, 'application/merge-patch+json')).spec);
      }
    }
    return writes;
  })();
  return () => {
    over = true;
    return writing;
  };
}

let runs = 0;

function migrate({ kubeconfig }: RunningKeelson, ...args: string[]): TestProcess {
  const command = [process.execPath, keelsonProgram, 'storage', 'migrate', `--kubeconfig=${kubeconfig}`, ...args] as const;
  return new TestProcess([...command], join(dir, `migrate-${runs++}.log`));
}

async function finished(run: TestProcess): Promise<string> {
  const code = await run.ended();
  if (code !== 0) throw new Error(`ended with ${code}: ${await run.log()}`);
  return run.log();
}

describe('storage migration on etcd', () => {
  it('begins with objects in the version that the flag names', async () => {
    await start({ 'storage-versions': 'autoscaling/v1' });
    for (let at = 0; at < count; at += 8) await Promise.all(Array.from({ length: 8 }, (_, i) => create(at + i)));
    expect(await storedVersions()).toEqual({ 'autoscaling/v1': count });
    expect(await servedSpecs()).toEqual(specs);
  });

  it('rewrites them under writes, killed in the middle and begun again, and loses nothing', async () => {
    const running = await start({});
    expect(await servedSpecs()).toEqual(specs);
    const checkpoint = join(dir, 'checkpoint.json');
    const stopWriting = keepWriting();
    const args = ['--group=autoscaling', `--checkpoint=${checkpoint}`];
    const killed = migrate(running, ...args);
    while (!existsSync(checkpoint) && killed.running) await nextTurn();
    killed.signal('SIGKILL');
    expect(await killed.ended()).toBe('SIGKILL');
    const left = (await storedVersions())['autoscaling/v1'] ?? 0;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(count);
    const log = await finished(migrate(running, ...args));
    expect(log).toMatch(
      /^horizontalpodautoscalers\.autoscaling: \d+ rewritten, \d+ unchanged(, \d+ deleted meanwhile)?\n1 resources: \d+ rewritten, /,
    );
    expect(existsSync(checkpoint)).toBe(false);
    expect(await stopWriting()).toBeGreaterThan(0);
    expect(await storedVersions()).toEqual({ 'autoscaling/v2': specs.size });
    expect(await servedSpecs()).toEqual(specs);
  });

  it('finds every resource, with nothing left to rewrite', async () => {
    const log = await finished(migrate(await start({})));
    expect(log).toContain(`horizontalpodautoscalers.autoscaling: 0 rewritten, ${specs.size} unchanged\n`);
    expect(log).toContain('namespaces: 0 rewritten, 4 unchanged\n');
    expect(log).toMatch(/\n\d\d resources: 0 rewritten, \d+ unchanged\n$/);
  });

  it('is done by one of several servers where the API is on, in whichever version they write', async () => {
    const flags = {
      'storage-versions': 'autoscaling/v1',
      'runtime-config': 'storagemigration.k8s.io/v1alpha1=true',
      'feature-gates': 'StorageVersionMigrator=true',
    };
    await start(flags);
    other = await startApiServer({ backend: 'etcd', etcdUrl: etcd.url, flags });
    const migrations = '/apis/storagemigration.k8s.io/v1alpha1/storageversionmigrations';
    const resource = { group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers' };
    await send('POST', migrations, { metadata: { name: 'back' }, spec: { resource } });
    const conditions = await waitUntil('the migration', async () => {
      const { status } = await send<{ status: { conditions?: { type: string; status: string }[] } }>('GET', `${migrations}/back`);
      return (status.conditions?.length ?? 0) > 1 ? status.conditions : undefined;
    });
    expect(conditions.map(({ type, status }) => `${type} ${status}`)).toEqual(['Running False', 'Succeeded True']);
    expect(await storedVersions()).toEqual({ 'autoscaling/v1': specs.size });
    expect(await servedSpecs()).toEqual(specs);
    // Made, begun, and written after each page of 100, the last one with the result: by two servers it would be more.
    const stored = await readKey({ url: etcd.url }, '/registry/storageversionmigrations/back');
    expect(stored?.version).toBe(String(2 + Math.ceil(specs.size / 100)));
  });
});

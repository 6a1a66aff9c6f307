import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeRoom } from '../golden/etcd-gateway.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';
import { type EtcdOptions, type RunningEtcd, startEtcd } from '../support/start-etcd.js';
import { waitUntil } from '../support/wait-until.js';
import { AnyServer, type Outcome } from './any-server.js';
import { type ConfigMap, type ConfigMapList, ConfigMaps } from './config-maps.js';
import { WatchLog } from './watch-log.js';

interface Failure {
  readonly message: string;
}

let dir: string;
let etcd: RunningEtcd | undefined;
let server: RunningKeelson | undefined;
let servers: AnyServer;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-store-'));
});

afterEach(async () => {
  servers?.close();
  await server?.stop();
  await etcd?.stop();
  [server, etcd] = [undefined, undefined];
  await rm(dir, { recursive: true, force: true });
});

async function start(options: EtcdOptions = {}): Promise<ConfigMaps> {
  etcd = await startEtcd(dir, options);
  server = await startApiServer({ backend: 'etcd', etcdUrl: etcd.url });
  servers = new AnyServer(server, 0);
  return new ConfigMaps(servers, 'default');
}

const address = () => ({ url: etcd?.url ?? '', ca: undefined, cert: undefined, key: undefined });

describe('an etcd without space', () => {
  it('is told of in its own words, can be read and cleared, and takes writes again when it has room', async () => {
    const { path } = await start({ flags: ['--quota-backend-bytes=16777216'] });
    const bulk = 'x'.repeat(900_000);
    const create = (i: number): Promise<Outcome<Failure>> =>
      servers.send('POST', path, { metadata: { name: `bulk-${i}` }, data: { bulk } });
    let made = 0;
    let last = await create(made);
    while (last.code === 201) last = await create(++made);
    expect([last.code, last.body?.message]).toEqual([500, 'etcdserver: mvcc: database space exceeded']);
    expect(made).toBeGreaterThan(5);
    const bulkNames = async () => {
      const { body } = await servers.send<ConfigMapList>('GET', path);
      return body?.items
        .map(({ metadata }) => metadata.name)
        .filter((name) => name.startsWith('bulk'))
        .sort();
    };
    expect(await bulkNames()).toEqual(Array.from({ length: made }, (_, i) => `bulk-${i}`).sort());
    for (let i = 0; i < made; i++) expect((await servers.send('DELETE', `${path}/bulk-${i}`)).code).toBe(200);
    expect(await bulkNames()).toEqual([]);
    await makeRoom(address());
    expect((await create(0)).code).toBe(201);
  });
});

describe('an etcd that stands still', () => {
  const outOfTime = 'Timeout: request did not complete within requested timeout - context deadline exceeded';

  it('has writers and consistent reads wait and fail, while what is cached is served and watches stay', async () => {
    const configMaps = await start();
    await configMaps.create('kept', 1);
    const watch = new WatchLog(servers.ports[0] as number, servers, configMaps, () => undefined);
    const watching = watch.run();
    await waitUntil('the watch to begin', () => watch.revisionsOf('kept').length > 0);
    etcd?.signal('SIGSTOP');
    const failed = [
      servers.send<Failure>('POST', configMaps.path, { metadata: { name: 'refused' } }),
      servers.send<Failure>('GET', `${configMaps.path}/kept`),
    ];
    const cached = await servers.send<ConfigMap>('GET', `${configMaps.path}/kept?resourceVersion=0`);
    expect([cached.code, cached.body?.data]).toEqual([200, { n: '1' }]);
    for (const { code, body } of await Promise.all(failed)) expect([code, body?.message]).toEqual([504, outOfTime]);
    etcd?.signal('SIGCONT');
    await created(configMaps, 'new');
    await waitUntil('the watch to see what is new', () => watch.revisionsOf('new').length > 0);
    expect(watch.lists).toBe(1);
    watch.stop();
    await watching;
  });
});

describe('an etcd that was restored from a copy', () => {
  it('is served as it is now, and watches begin anew', async () => {
    const configMaps = await start();
    const port = Number(new URL(etcd?.url ?? '').port);
    const stopped = async (act: () => Promise<void>) => {
      await etcd?.stop();
      await act();
      etcd = await startEtcd(dir, { port });
    };
    const [data, copy] = [join(dir, 'etcd'), join(dir, 'copy')];
    await configMaps.create('kept', 1);
    await stopped(() => cp(data, copy, { recursive: true }));
    const watch = new WatchLog(servers.ports[0] as number, servers, configMaps, () => undefined);
    const watching = watch.run();
    await created(configMaps, 'lost');
    for (let n = 1; n < 20; n++) await created(configMaps, `lost-${n}`);
    await waitUntil('the watch to see the last one', () => watch.revisionsOf('lost-19').length > 0);
    await stopped(async () => {
      await rm(data, { recursive: true });
      await cp(copy, data, { recursive: true });
    });
    await waitUntil('the lost ones to be gone', async () => (await configMaps.read('lost')).code === 404);
    expect((await configMaps.read('kept')).body?.data).toEqual({ n: '1' });
    const names = (await configMaps.list()).body?.items.map(({ metadata }) => metadata.name);
    expect(names?.filter((name) => name.startsWith('lost'))).toEqual([]);
    await created(configMaps, 'new');
    await waitUntil('the watch to see what is new', () => watch.revisionsOf('new').length > 0);
    expect(watch.lists).toBe(2);
    watch.stop();
    await watching;
    expect(watch.revisionsOf('lost')).toHaveLength(1);
  });
});

/** Once the server has found etcd again. */
async function created(configMaps: ConfigMaps, name: string): Promise<ConfigMap> {
  return waitUntil(`${name} to be created`, () => configMaps.create(name, 1).catch(() => undefined));
}

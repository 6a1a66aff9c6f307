import { EtcdBackend } from '@keelson/storage/etcd';
import { startEtcd } from '@keelson/storage/testing/etcd';
import { afterEach, describe, expect, it } from 'vitest';
import { defineResource } from '../resource/extension-resource.js';
import { s } from '../schema/s.js';
import { type Alone, serveAlone } from '../testing/serve-alone.js';
import type { ServeOptions } from './serve-options.js';

const things = defineResource({
  group: 'example.com',
  version: 'v1',
  kind: 'Thing',
  scope: 'Namespaced',
  spec: s.object({ size: s.int32().default(1) }),
}).withVersion('v1beta1', {
  spec: s.object({ length: s.int32().default(1) }),
  toMain: ({ spec }) => ({ spec: { size: spec.length } }),
  fromMain: ({ spec }) => ({ spec: { length: spec.size } }),
  deprecated: true,
});

const running: Alone[] = [];
afterEach(async () => {
  for (const alone of running.splice(0)) await alone.stop();
});

async function start(options: Partial<ServeOptions> = {}): Promise<Alone> {
  const alone = await serveAlone({ resources: [things], ...options });
  running.push(alone);
  return alone;
}

const THINGS = '/apis/example.com/v1/namespaces/default/things';
const thing = (name: string) => ({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name } });

describe('serve', () => {
  it('tells of its health, of what it does, and of its versions', async () => {
    const { client } = await start();
    expect((await client.get('/readyz')).text).toBe('ok');
    expect((await client.get('/livez?verbose')).text).toContain('[+]etcd ok');
    await client.get(THINGS);
    expect((await client.get('/metrics')).text).toMatch(
      /^apiserver_request_total\{[^}]*group="example.com"[^}]*resource="things"[^}]*\} 1$/m,
    );
    const { preferredVersion, versions } = (await client.get('/apis/example.com')).json<{
      preferredVersion: { version: string };
      versions: { version: string }[];
    }>();
    expect([preferredVersion.version, versions.map(({ version }) => version)]).toEqual(['v1', ['v1', 'v1beta1']]);
    expect((await client.get(THINGS.replace('v1', 'v1beta1'))).headers.warning).toBe('299 - "example.com/v1beta1 Thing is deprecated"');
  });

  it('can be many servers of one resource in a process', async () => {
    const [one, other] = [await start(), await start()];
    await one.client.post(THINGS, thing('a'));
    expect((await one.client.get(`${THINGS}/a`)).code).toBe(200);
    expect((await other.client.get(`${THINGS}/a`)).code).toBe(404);
  });

  it('keeps objects in etcd, beside those of others', async () => {
    const cluster = await startEtcd();
    const alone = await serveAlone({ resources: [things], storage: cluster.endpoints.join(','), keyPrefix: '/things' });
    await alone.client.post(THINGS, thing('a'));
    const etcd = new EtcdBackend({ endpoints: cluster.endpoints });
    const { kv } = await etcd.get('/things/example.com/things/default/a');
    await etcd.close();
    await alone.stop();
    await cluster.stop();
    expect(JSON.parse(Buffer.from(kv?.value ?? '').toString())).toMatchObject({
      apiVersion: 'example.com/v1',
      kind: 'Thing',
      metadata: { name: 'a' },
      spec: { size: 1 },
    });
  });

  it.each<[Partial<ServeOptions>, string]>([
    [{ resources: [] }, 'there are no resources to serve'],
    [{ storage: 'postgres' }, 'storage "postgres" is neither "memory", nor "embedded:DIRECTORY", nor URLs of etcd'],
    [{ storage: undefined } as never, 'say where objects are to be stored: "storage" is missing'],
  ])('does not start with %o', async (options, message) => {
    await expect(start(options)).rejects.toThrow(message);
  });

  it('does not start with a schema that Kubernetes would not take', async () => {
    const wrong = defineResource({
      group: 'example.com',
      version: 'v1',
      kind: 'Wrong',
      scope: 'Cluster',
      spec: s.object({ size: s.int32().rule('self.large', 'large') }),
    });
    await expect(start({ resources: [wrong] })).rejects.toThrow(
      'example.com/v1 Wrong: schema.properties[spec].properties[size].x-kubernetes-validations[0].rule: Invalid value: ',
    );
  });

  it('leaves nothing open when its port is taken', async () => {
    const { server } = await start();
    await expect(start({ port: Number(new URL(server.url).port) })).rejects.toThrow('EADDRINUSE');
  });

  it('ends watches when it ends', async () => {
    const alone = await start();
    const watch = await alone.client.watch(`${THINGS}?watch=true`);
    await alone.client.post(THINGS, thing('a'));
    expect(await watch.take(1)).toEqual(['ADDED a']);
    const stopped = alone.server.stop();
    expect(await watch.next()).toBeUndefined();
    await stopped;
    await alone.server.whenStopped;
  });
});

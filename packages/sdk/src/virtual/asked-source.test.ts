import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineResource } from '../resource/extension-resource.js';
import { s } from '../schema/s.js';
import { type Alone, serveAlone } from '../testing/serve-alone.js';

const inNamespace = (namespace: string, name: string, labels = {}) => ({
  metadata: { namespace, name, labels },
  value: name.length,
  secret: 'x',
});
const all = [inNamespace('b', 'long'), inNamespace('a', 'xy', { kind: 'short' }), inNamespace('a', 'x')];

const readings = defineResource({
  group: 'example.com',
  version: 'v1',
  kind: 'Reading',
  scope: 'Namespaced',
  fields: { value: s.int32() },
  source: { list: ({ namespace }) => all.filter(({ metadata }) => namespace === '' || metadata.namespace === namespace) },
});

let alone: Alone;

beforeAll(async () => {
  alone = await serveAlone({ resources: [readings] });
});
afterAll(() => alone.stop());

describe('a source that is asked', () => {
  const names = async (path: string) =>
    (await alone.client.get(path))
      .json<{ items: { metadata: { namespace: string; name: string } }[] }>()
      .items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

  it('gives what is asked for', async () => {
    expect(await names('/apis/example.com/v1/readings')).toEqual(['a/x', 'a/xy', 'b/long']);
    expect(await names('/apis/example.com/v1/namespaces/a/readings')).toEqual(['a/x', 'a/xy']);
    expect(await names('/apis/example.com/v1/readings?labelSelector=kind=short')).toEqual(['a/xy']);
    expect((await alone.client.get('/apis/example.com/v1/namespaces/b/readings/long')).json()).toEqual({
      apiVersion: 'example.com/v1',
      kind: 'Reading',
      metadata: { name: 'long', namespace: 'b' },
      value: 4,
    });
    expect((await alone.client.get('/apis/example.com/v1/namespaces/a/readings/long')).code).toBe(404);
  });

  it('cannot be watched', async () => {
    expect((await alone.client.get('/apis/example.com/v1/readings?watch=true')).code).toBe(405);
    const { resources } = (await alone.client.get('/apis/example.com/v1')).json<{ resources: { name: string; verbs: string[] }[] }>();
    expect(resources).toMatchObject([{ name: 'readings', verbs: ['get', 'list'] }]);
  });
});

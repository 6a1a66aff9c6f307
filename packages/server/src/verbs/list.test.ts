import { gunzipSync } from 'node:zlib';
import type { KubeObject, ListMeta } from '@keelson/machinery';
import { core, meta, unwrap } from '@keelson/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineResource } from '../resource/resource.js';
import { createTestGroups } from '../testing/resources.js';
import { startTestServer, stopTestServers, type TestServer } from '../testing/start-test-server.js';
import type { Table } from '../testing/table.js';

interface List<T = KubeObject> {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: ListMeta;
  readonly items: T[];
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  for (const namespace of ['a', 'b']) {
    for (const name of ['one', 'three', 'two']) {
      const labels = { app: name, tier: namespace };
      await server.client.post(`/api/v1/namespaces/${namespace}/configmaps`, { metadata: { name, labels }, data: { k: name } });
    }
  }
  for (const type of ['Opaque', 'example.com/x']) {
    await server.client.post('/api/v1/namespaces/a/secrets', { metadata: { generateName: 's-' }, type });
  }
});
afterAll(stopTestServers);

const maps = '/api/v1/namespaces/a/configmaps';

async function list<T = KubeObject>(path: string, headers = {}): Promise<List<T>> {
  return (await server.client.get(path, headers)).json<List<T>>();
}

function names({ items }: List): string[] {
  return items.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`);
}

describe('list', () => {
  it('is of one namespace, in the order of names', async () => {
    const all = await list(maps);
    expect([all.kind, all.apiVersion]).toEqual(['ConfigMapList', 'v1']);
    expect(names(all)).toEqual(['a/one', 'a/three', 'a/two']);
    expect(all.metadata).toEqual({ resourceVersion: expect.stringMatching(/^\d+$/) });
  });

  it('is of all namespaces', async () => {
    expect(names(await list('/api/v1/configmaps'))).toEqual(['a/one', 'a/three', 'a/two', 'b/one', 'b/three', 'b/two']);
  });

  it('shows items without their type, else as a get does', async () => {
    const [item] = (await list(maps)).items;
    const { kind: _kind, apiVersion: _apiVersion, ...one } = (await server.client.get(`${maps}/one`)).json();
    expect(item).toEqual(one);
  });

  it('of a namespace that is not there is empty', async () => {
    expect(names(await list('/api/v1/namespaces/none/configmaps'))).toEqual([]);
  });

  it.each([
    ['labelSelector=app%3Done', ['a/one', 'b/one']],
    ['labelSelector=app+in+(one,two),tier!%3Db', ['a/one', 'a/two']],
    ['labelSelector=!app', []],
    ['fieldSelector=metadata.name%3Dtwo', ['a/two', 'b/two']],
    ['fieldSelector=metadata.namespace%3Db,metadata.name!%3Dtwo', ['b/one', 'b/three']],
    ['labelSelector=tier%3Da&fieldSelector=metadata.name%3Dtwo', ['a/two']],
  ])('selects by %s', async (query, expected) => {
    expect(names(await list(`/api/v1/configmaps?${query}`))).toEqual(expected);
  });

  it('selects by the fields of its resource', async () => {
    const { items } = await list<core.v1.Secret>('/api/v1/secrets?fieldSelector=type%3Dexample.com/x');
    expect(items.map(({ type }) => type)).toEqual(['example.com/x']);
  });

  it.each([
    ['labelSelector=a%3D%3D%3Db', '400 BadRequest: '],
    ['fieldSelector=x', "400 BadRequest: invalid selector: 'x'; can't understand 'x'"],
    ['fieldSelector=data%3Dx', '400 BadRequest: "data" is not a known field selector: only "metadata.name", "metadata.namespace"'],
    [
      'fieldSelector=__proto__%3Dx',
      '400 BadRequest: "__proto__" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    ['limit=x', '400 BadRequest: strconv.ParseInt: parsing "x": invalid syntax'],
    ['limit=99999999999999999999', '400 BadRequest: strconv.ParseInt: parsing "99999999999999999999": value out of range'],
    [
      'resourceVersion=x',
      '400 BadRequest: invalid resource version: resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax',
    ],
    ['continue=x', '400 BadRequest: '],
    [
      'resourceVersionMatch=Exact',
      '422 Invalid: ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    ],
  ])('refuses %s', async (query, expected) => {
    expect((await server.client.get(`${maps}?${query}`)).failure.slice(0, expected.length)).toBe(expected);
  });

  it('cannot show what has not happened', async () => {
    const answer = await server.client.get(`${maps}?resourceVersion=900000000`);
    expect(answer.failure).toMatch(/^504 Timeout: Timeout: Too large resource version: 900000000, current: \d+$/);
  });
});

describe('list, page by page', () => {
  const path = '/api/v1/namespaces/paged/configmaps';
  const count = 23;

  async function pages(query: string, between: () => Promise<void> = async () => undefined): Promise<List[]> {
    const read: List[] = [];
    for (let token = ''; ; ) {
      const page = await list(`${path}?limit=5${query}&continue=${encodeURIComponent(token)}`);
      read.push(page);
      token = page.metadata.continue ?? '';
      if (token === '') return read;
      await between();
    }
  }

  beforeAll(async () => {
    for (let at = 0; at < count; at++) {
      const labels = { parity: at % 2 === 0 ? 'even' : 'odd' };
      await server.client.post(path, { metadata: { name: `m-${String(at).padStart(2, '0')}`, labels } });
    }
  });

  it('shows everything once, and how much is left', async () => {
    const read = await pages('');
    expect(read.map(({ items }) => items.length)).toEqual([5, 5, 5, 5, 3]);
    expect(read.map(({ metadata }) => metadata.remainingItemCount)).toEqual([18, 13, 8, 3, undefined]);
    expect(read.flatMap(names)).toEqual(names(await list(path)));
  });

  it('does not count what a selector has not looked at', async () => {
    const read = await pages('&labelSelector=parity%3Deven');
    expect(read.map(({ items }) => items.length)).toEqual([5, 5, 2]);
    expect(read.map(({ metadata }) => metadata.remainingItemCount)).toEqual([undefined, undefined, undefined]);
  });

  it('shows one moment, whatever is written meanwhile', async () => {
    const before = await list(path);
    let writes = 0;
    const read = await pages('', async () => {
      await server.client.delete(`${path}/m-${String(22 - writes).padStart(2, '0')}`);
      await server.client.post(path, { metadata: { name: `new-${writes++}` } });
    });
    expect(writes).toBe(4);
    expect(read.flatMap(({ items }) => items)).toEqual(before.items);
    expect(new Set(read.map(({ metadata }) => metadata.resourceVersion))).toEqual(new Set([before.metadata.resourceVersion]));
    expect((await list(path)).items).toHaveLength(count);
  });

  it('is the same while others write all the time', async () => {
    let isReading = true;
    let made = 0;
    const write = async () => {
      while (isReading) await server.client.post(path, { metadata: { name: `w-${made++}` } });
    };
    const writers = [write(), write()];
    for (let round = 0; round < 10; round++) {
      const [first, ...rest] = await pages('');
      const exact = await list(`${path}?resourceVersion=${first?.metadata.resourceVersion}&resourceVersionMatch=Exact`);
      expect([first as List, ...rest].flatMap(names)).toEqual(names(exact));
    }
    isReading = false;
    await Promise.all(writers);
    expect(made).toBeGreaterThan(10);
  });

  it('is whole when it may be old', async () => {
    const all = await list(`${path}?limit=5&resourceVersion=0`);
    expect(all.items.length).toBeGreaterThan(5);
    expect(all.metadata).not.toHaveProperty('continue');
  });

  it('is limited all the same where nothing is kept at hand', async () => {
    const definition = { names: { plural: 'events' }, scope: 'Namespaced', storage: { key: 'events', cached: false } } as const;
    const { client } = await startTestServer({ groups: createTestGroups([defineResource(core.v1.Event, definition)]) });
    const events = '/api/v1/namespaces/a/events';
    for (const name of ['one', 'two']) await client.post(events, { metadata: { name }, involvedObject: {} });
    const first = (await client.get(`${events}?limit=1&resourceVersion=0`)).json<List>();
    expect([names(first), first.metadata.remainingItemCount]).toEqual([['a/one'], 1]);
  });

  it('looks at the token before it looks at what does not go with one', async () => {
    const token = (await list(`${path}?limit=1`)).metadata.continue ?? '';
    const refusal = async (query: string) => (await server.client.get(`${path}?${query}&resourceVersion=5`)).failure;
    expect(await refusal(`continue=${token}`)).toBe('400 BadRequest: specifying resource version is not allowed when using continue');
    expect(await refusal('continue=junk')).toBe(
      "400 BadRequest: invalid continue token: continue key is not valid: invalid character '\\u008e' looking for beginning of value",
    );
  });

  it('takes no limit below zero for one', async () => {
    expect((await list(`${path}?limit=-1`)).items.length).toBeGreaterThan(5);
  });
});

describe('list, of moments', () => {
  it('sees what was written before, and exact moments', async () => {
    const path = '/api/v1/namespaces/moments/configmaps';
    const { metadata } = (await server.client.post(path, { metadata: { name: 'one' } })).json();
    await server.client.post(path, { metadata: { name: 'two' } });
    expect(names(await list(`${path}?resourceVersion=${metadata.resourceVersion}&resourceVersionMatch=Exact`))).toEqual(['moments/one']);
    expect(names(await list(`${path}?resourceVersion=${metadata.resourceVersion}`))).toEqual(['moments/one', 'moments/two']);
    expect(names(await list(path))).toEqual(['moments/one', 'moments/two']);
  });
});

describe('list, in other forms', () => {
  const protobuf = 'application/vnd.kubernetes.protobuf';

  it('is protobuf', async () => {
    const answer = await server.client.get(maps, { accept: protobuf });
    expect(answer.headers['content-type']).toBe(protobuf);
    const envelope = unwrap(answer.bytes);
    expect([envelope.apiVersion, envelope.kind]).toEqual(['v1', 'ConfigMapList']);
    const { kind: _kind, apiVersion: _apiVersion, ...plain } = await list(maps);
    expect(core.v1.ConfigMapList.codec.decode(envelope.message)).toEqual(plain);
  });

  it('is protobuf with its place to continue from', async () => {
    const answer = await server.client.get(`${maps}?limit=2`, { accept: protobuf });
    const { metadata } = core.v1.ConfigMapList.codec.decode(unwrap(answer.bytes).message) as unknown as List;
    expect(metadata.remainingItemCount).toBe(1);
    expect(names(await list(`${maps}?limit=2&continue=${metadata.continue}`))).toEqual(['a/two']);
  });

  it.each(['application/json', protobuf])('is metadata alone, as %s', async (type) => {
    const answer = await server.client.get(maps, { accept: `${type};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1` });
    const { metadata, items } = await list(maps);
    const partial = items.map((item) => ({ metadata: item.metadata }));
    if (type === protobuf) {
      const envelope = unwrap(answer.bytes);
      expect([envelope.apiVersion, envelope.kind]).toEqual(['meta.k8s.io/v1', 'PartialObjectMetadataList']);
      expect(meta.v1.PartialObjectMetadataList.codec.decode(envelope.message)).toEqual({ metadata, items: partial });
    } else {
      const typed = partial.map((item) => ({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', ...item }));
      expect(answer.json()).toEqual({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: typed });
    }
  });

  it.each([
    ['', { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: expect.objectContaining({ name: 'one' }) }],
    ['?includeObject=None', null],
    ['?includeObject=Object', expect.objectContaining({ kind: 'ConfigMap', apiVersion: 'v1', data: { k: 'one' } })],
  ])('is a table, with objects as %j says', async (query, object) => {
    const answer = await server.client.get(maps + query, { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' });
    const table = answer.json<Table>();
    expect([table.kind, table.apiVersion]).toEqual(['Table', 'meta.k8s.io/v1']);
    expect(table.columnDefinitions?.map(({ name, type, format, priority }) => [name, type, format, priority])).toEqual([
      ['Name', 'string', 'name', 0],
      ['Data', 'integer', '', 0],
      ['Age', 'string', '', 0],
    ]);
    expect(table.rows.map(({ cells }) => cells.slice(0, 2))).toEqual([
      ['one', 1],
      ['three', 1],
      ['two', 1],
    ]);
    expect(table.rows[0]?.object).toEqual(object);
  });

  it('falls back to what else is accepted', async () => {
    const accept = `${protobuf};as=Table;g=meta.k8s.io;v=v1, application/json;as=Table;g=example.com;v=v1, application/json`;
    expect((await list(maps, { accept })).kind).toBe('ConfigMapList');
  });
});

describe('a big list', () => {
  const path = '/api/v1/namespaces/big/configmaps';
  const limit = 128 * 1024;

  beforeAll(async () => {
    for (let at = 0; at < 20; at++) {
      const data = { k: Buffer.alloc(40_000, `${at} `).toString() };
      await server.client.post(path, { metadata: { name: `b-${String(at).padStart(2, '0')}` }, data });
    }
  });

  it.each([
    ['HTTP/1.1', false],
    ['HTTP/2', true],
  ])('is compressed for who takes it, over %s', async (_, isHttp2) => {
    const client = isHttp2 ? await server.http2() : server.client;
    const plain = await client.get(path);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.bytes.length).toBeGreaterThan(800_000);
    const zipped = await client.get(path, { 'accept-encoding': 'deflate, gzip' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.headers.vary).toContain('Accept-Encoding');
    expect(zipped.bytes.length).toBeLessThan(plain.bytes.length / 4);
    expect(gunzipSync(zipped.bytes).equals(plain.bytes)).toBe(true);
  });

  it('is the same in protobuf, compressed or not', async () => {
    const accept = 'application/vnd.kubernetes.protobuf';
    const plain = await server.client.get(path, { accept });
    const zipped = await server.client.get(path, { accept, 'accept-encoding': 'gzip' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.bytes).equals(plain.bytes)).toBe(true);
    const { items } = core.v1.ConfigMapList.codec.decode(unwrap(plain.bytes).message) as unknown as List;
    expect(items).toEqual((await list(path)).items);
  });

  it('is not compressed below the threshold', async () => {
    const three = await server.client.get(`${path}?limit=3`, { 'accept-encoding': 'gzip' });
    const four = await server.client.get(`${path}?limit=4`, { 'accept-encoding': 'gzip' });
    expect(three.headers['content-encoding']).toBeUndefined();
    expect(Number(three.headers['content-length'])).toBe(three.bytes.length);
    expect(three.bytes.length).toBeLessThan(limit);
    expect(four.headers['content-encoding']).toBe('gzip');
  });

  it('waits for a slow reader, and is given up when that goes', async () => {
    const data = { k: 'x'.repeat(1024 * 1024) };
    for (let at = 0; at < 16; at++) await server.client.post('/api/v1/namespaces/huge/configmaps', { metadata: { name: `h-${at}` }, data });
    for (const headers of [{}, { 'accept-encoding': 'gzip' }]) {
      const response = await server.client.open('GET', '/api/v1/namespaces/huge/configmaps', undefined, headers);
      response.abort();
    }
    while (server.api.inFlight.count > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const slow = await server.client.open('GET', '/api/v1/namespaces/huge/configmaps');
    const quick = await server.client.get(maps);
    expect(quick.code).toBe(200);
    const text = Buffer.concat(await slow.body.toArray()).toString();
    expect((JSON.parse(text) as List).items).toHaveLength(16);
  });
});

import { once } from 'node:events';
import { request } from 'node:https';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { KubeObject } from '@keelson/machinery';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s } from '../schema/s.js';
import { type Alone, serveAlone } from '../testing/serve-alone.js';
import { defineResource } from './extension-resource.js';

const things = defineResource({
  group: 'example.com',
  version: 'v1',
  kind: 'Thing',
  scope: 'Namespaced',
  spec: s.object({ size: s.int32().default(1) }),
  status: s.object({ measured: s.int32().max(50).optional() }),
})
  .withAction('growth', {
    kind: 'ThingGrowth',
    description: 'By how much a thing is to grow.',
    spec: s.object({ by: s.int32().min(1) }),
    async run(growth, { update, warn }) {
      const thing = await update(({ spec }) => {
        spec.size += growth.spec.by;
      });
      if (thing.spec.size > 100) warn('that is a large thing');
      return undefined;
    },
  })
  .withAction('measurement', {
    kind: 'ThingMeasurement',
    spec: s.object({ by: s.int32() }),
    async run({ spec: { by } }, { updateStatus }) {
      await updateStatus((thing) => {
        thing.status = { measured: thing.spec.size + by };
        thing.spec.size = 0;
      });
      return undefined;
    },
  })
  .withConnect('log', {
    methods: ['GET', 'POST'],
    longRunning: true,
    async handle({ method, path, query, user, get, body, upgrade }) {
      if (upgrade !== undefined) return echo(upgrade.socket);
      if (method === 'POST') return { said: await text(body), by: user.name };
      const { metadata, spec } = await get();
      return new Response(`${metadata.name} is ${spec.size}${path}${query.get('tail') ?? ''}\n`, {
        headers: { 'content-type': 'text/plain' },
      });
    },
  });

function echo(socket: Duplex): undefined {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
  socket.pipe(socket);
}

const THINGS = '/apis/example.com/v1/namespaces/default/things';

let alone: Alone;

beforeAll(async () => {
  alone = await serveAlone({ resources: [things] });
  await alone.client.post(THINGS, { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, spec: { size: 2 } });
});
afterAll(() => alone.stop());

const growth = (by: unknown) => ({ apiVersion: 'example.com/v1', kind: 'ThingGrowth', metadata: { name: 'a' }, spec: { by } });

describe('an action', () => {
  it('does something with the object', async () => {
    const answer = await alone.client.post(`${THINGS}/a/growth`, growth(3));
    expect([answer.code, answer.json()]).toMatchObject([201, { kind: 'ThingGrowth', spec: { by: 3 } }]);
    expect((await alone.client.get(`${THINGS}/a`)).json()).toMatchObject({ spec: { size: 5 } });
    expect((await alone.client.post(`${THINGS}/a/growth`, growth(100))).headers.warning).toBe('299 - "that is a large thing"');
  });

  it('writes the status alone, as its subresource does', async () => {
    await alone.client.post(THINGS, { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'm' }, spec: { size: 7 } });
    const measure = (by: number) =>
      alone.client.post(`${THINGS}/m/measurement`, { ...growth(by), kind: 'ThingMeasurement', metadata: { name: 'm' } });
    expect((await measure(1)).code).toBe(201);
    const { metadata, ...rest } = (await alone.client.get(`${THINGS}/m`)).json<KubeObject>();
    expect(rest).toMatchObject({ spec: { size: 7 }, status: { measured: 8 } });
    expect([metadata.generation, metadata.managedFields?.map(({ subresource }) => subresource)]).toEqual([1, [undefined, 'status']]);
    expect((await measure(44)).failure).toBe(
      '422 Invalid: Thing.example.com "m" is invalid: status.measured: Invalid value: 51: measured in body should be less than or equal to 50',
    );
  });

  it('judges its body by its schema, and knows no other object', async () => {
    expect((await alone.client.post(`${THINGS}/a/growth`, growth(0))).failure).toBe(
      '422 Invalid: ThingGrowth.example.com "a" is invalid: spec.by: Invalid value: 0: spec.by in body should be greater than or equal to 1',
    );
    expect((await alone.client.post(`${THINGS}/a/growth`, growth('much'))).failure).toContain('spec.by in body must be of type integer');
    expect((await alone.client.post(`${THINGS}/b/growth`, { ...growth(1), metadata: { name: 'b' } })).failure).toBe(
      '404 NotFound: things.example.com "b" not found',
    );
  });

  it('is in the documents', async () => {
    const document = (await alone.client.get('/openapi/v3/apis/example.com/v1')).text;
    expect(JSON.parse(document).components.schemas).toHaveProperty(
      ['com.example.v1.ThingGrowth', 'description'],
      'By how much a thing is to grow.',
    );
  });
});

describe('a connection', () => {
  it('answers in its own way', async () => {
    const answer = await alone.client.get(`${THINGS}/a/log/more?tail=!`);
    expect([answer.code, answer.headers['content-type'], answer.text]).toEqual([200, 'text/plain', 'a is 105/more!\n']);
    expect((await alone.client.post(`${THINGS}/a/log`, 'hello')).json()).toEqual({ said: 'hello', by: 'alice' });
    expect((await alone.client.put(`${THINGS}/a/log`, {})).code).toBe(405);
    expect((await alone.client.get(`${THINGS}/b/log`)).failure).toBe('404 NotFound: things.example.com "b" not found');
  });

  it('takes over a connection that is upgraded', async () => {
    const { port } = new URL(alone.server.url);
    const headers = { connection: 'Upgrade', upgrade: 'echo' };
    const sent = request({ host: '127.0.0.1', port, path: `${THINGS}/a/log`, ca: alone.server.bundle, headers, agent: false }).end();
    const [, socket] = (await once(sent, 'upgrade')) as [unknown, Duplex];
    socket.write('ping');
    expect(String(((await once(socket, 'data')) as [Buffer])[0])).toBe('ping');
    socket.destroy();
  });
});

import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { DialAddress } from '@keelson/machinery';
import { afterEach, expect, it } from 'vitest';
import type { APIService } from './api-service.js';
import { checkAvailability } from './availability/check-availability.js';
import { BackendPool } from './backend/backend-pool.js';
import { RemoteApiService } from './remote-api-service.js';
import { ServiceDirectory } from './services/service-directory.js';
import { ExtensionServer } from './testing/extension-server.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const user = { name: 'alice', groups: [] };
const path = '/apis/example.com/v1/gadgets';
const request = (method: string) => ({
  method,
  path,
  headers: {},
  ...(method === 'POST' && { body: Readable.from(['{}']) }),
  signal: new AbortController().signal,
});

async function remoteOf(addresses: readonly DialAddress[] = [], more: object = {}) {
  const server = await ExtensionServer.start({ group: 'example.com' });
  const pool = new BackendPool({}, () => undefined);
  const [first = { host: '127.0.0.1', port: server.port }] = addresses;
  const directory = new ServiceDirectory({
    overrides: new Map([['default/gadgets', [first]]]),
    toEndpoints: false,
    mirror: () => ({ start: async () => undefined, stop: () => undefined }),
    onChange: () => undefined,
  });
  ends.push(
    () => server.kill(),
    () => pool.close(),
  );
  const object = { ...server.apiService('v1', more), status: {} } as unknown as APIService;
  return {
    server,
    directory,
    remote: new RemoteApiService(object, { directory, pool, tellsUid: true }),
    live: { host: '127.0.0.1', port: server.port },
  };
}

/** Nobody listens there. */
const dead = { host: '127.0.0.1', port: 9 };
const refused = 'error trying to reach service: dial tcp 127.0.0.1:9: connect: connection refused';

it('asks another endpoint when one does not answer a read, or was not there to take a write', async () => {
  const { remote, server, live } = await remoteOf();
  const answer = await remote.send(request('GET'), [dead, live], user);
  expect([answer.code, JSON.parse(await text(answer.body)).kind, server.last(path)?.headers[':authority']]).toEqual([
    200,
    'GadgetList',
    server.address,
  ]);
  expect((await remote.send(request('POST'), [dead, live], user)).code).toBe(201);
  await expect(remote.send(request('GET'), [dead], user)).rejects.toThrow(refused);
});

it('sends a write once when an endpoint takes it and does not answer', async () => {
  const { remote, server, live } = await remoteOf();
  const breakOnce = () => {
    server.answer = ({ socket }) => {
      server.answer = () => false;
      socket.destroy();
      return true;
    };
  };
  breakOnce();
  expect((await remote.send(request('GET'), [live, live], user)).code).toBe(200);
  breakOnce();
  await expect(remote.send(request('POST'), [live, live], user)).rejects.toThrow('error trying to reach service: ');
});

it('is told of by what was seen here, before what others say', async () => {
  const { remote, directory } = await remoteOf([dead]);
  expect(remote.available).toBe(false);
  remote.object = { ...remote.object, status: { conditions: [{ type: 'Available', status: 'True', lastTransitionTime: null }] } };
  expect(remote.available).toBe(true);
  remote.verdict = await checkAvailability(remote, directory, new AbortController().signal);
  expect([remote.available, remote.verdict]).toEqual([
    false,
    {
      status: 'False',
      reason: 'FailedDiscoveryCheck',
      message:
        'failing or missing response from https://127.0.0.1:9/apis/example.com/v1: Get "https://127.0.0.1:9/apis/example.com/v1": dial tcp 127.0.0.1:9: connect: connection refused',
    },
  ]);
});

it('has to answer its own discovery well', async () => {
  const { remote, directory, server } = await remoteOf([], { version: 'v2' });
  const url = `https://${server.address}/apis/example.com/v2`;
  expect(await checkAvailability(remote, directory, new AbortController().signal)).toEqual({
    status: 'False',
    reason: 'FailedDiscoveryCheck',
    message: `failing or missing response from ${url}: bad status from ${url}: 404`,
  });
  const asked = server.last('/apis/example.com/v2');
  expect([asked?.headers['x-remote-user'], asked?.headers['x-remote-group']]).toEqual(['system:kube-aggregator', 'system:masters']);
});

it('is another one when its spec says something else, and the same when others do', async () => {
  const { remote } = await remoteOf();
  const { object } = remote;
  expect(remote.serves({ ...object, metadata: { name: 'x' }, status: {} })).toBe(true);
  expect(remote.serves({ ...object, spec: { ...object.spec, insecureSkipTLSVerify: true } })).toBe(false);
});

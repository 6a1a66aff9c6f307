import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type DialAddress, directDialer } from '@keelson/machinery';
import { ConnectProxyServer } from '@keelson/machinery/testing';
import { afterEach, expect, it, vi } from 'vitest';
import { ExtensionServer } from '../testing/extension-server.js';
import { Backend } from './backend.js';
import { openConnection } from './backend-access.js';
import { Http2Connection } from './http2-connection.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const end of ends.splice(0).reverse()) await end();
});

const path = '/apis/example.com/v1/gadgets';
const asked = {
  method: 'GET',
  path,
  headers: { host: 'h' },
  get signal() {
    return new AbortController().signal;
  },
};

async function extensionServer(http2 = true, port = 0): Promise<ExtensionServer> {
  const server = await ExtensionServer.start({ group: 'example.com', http2, port });
  ends.push(() => server.kill());
  return server;
}

function access(server: ExtensionServer, port = server.port) {
  return { address: { host: '127.0.0.1', port }, serverName: 'gadgets.default.svc', authorities: server.credential.cert, insecure: false };
}

function backendOf(server: ExtensionServer, onLost: () => void = () => undefined): Backend {
  const backend = new Backend(access(server), onLost);
  ends.push(() => backend.close());
  return backend;
}

it.each([
  [true, '2.0'],
  [false, '1.1'],
])('speaks what the server does: HTTP/2 %s', async (http2, version) => {
  const server = await extensionServer(http2);
  const backend = backendOf(server);
  for (const method of ['GET', 'GET']) {
    const answer = await backend.send({ ...asked, method });
    expect([answer.code, JSON.parse(await text(answer.body)).kind, answer.isWhole()]).toEqual([200, 'GadgetList', true]);
  }
  expect(server.requests.map(({ httpVersion }) => httpVersion)).toEqual([version, version]);
});

it.each([true, false])('goes on with a server that was started again, HTTP/2 %s', async (http2) => {
  const first = await extensionServer(http2);
  const backend = backendOf(first);
  (await backend.send(asked)).body.resume();
  await first.kill();
  await expect(backend.send({ ...asked, method: 'POST' })).rejects.toThrow();
  await expect(backend.send(asked)).rejects.toThrow('ECONNREFUSED');
  const second = await extensionServer(http2, first.port);
  const other = new Backend({ ...access(second), address: backend.access.address }, () => undefined);
  ends.push(() => other.close());
  expect((await other.send(asked)).code).toBe(200);
});

it('checks whose certificate it is', async () => {
  const server = await extensionServer();
  const wrong = new Backend({ ...access(server), serverName: 'other.default.svc' }, () => undefined);
  await expect(wrong.send(asked)).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  const blind = new Backend({ ...access(server), serverName: 'other.default.svc', insecure: true }, () => undefined);
  ends.push(() => blind.close());
  expect((await blind.send(asked)).code).toBe(200);
});

it('tells that a connection was lost, and cuts what was on it', async () => {
  const server = await extensionServer();
  let lost = 0;
  const backend = backendOf(server, () => lost++);
  const watch = await backend.send({ ...asked, path: `${path}?watch=true` });
  await server.kill();
  // Node lets some streams end that were cut off.
  await text(watch.body).catch(() => undefined);
  expect([lost, watch.isWhole()]).toEqual([1, false]);
});

it('opens another connection when the streams of one are taken', async () => {
  const server = await extensionServer();
  const backend = backendOf(server);
  (await backend.send(asked)).body.resume();
  const watches = await Promise.all(Array.from({ length: 300 }, () => backend.send({ ...asked, path: `${path}?watch=true` })));
  expect(watches.every(({ code }) => code === 200)).toBe(true);
  for (const { body } of watches) body.destroy();
});

it('gives a server up that has gone silent', async () => {
  const server = await extensionServer();
  let silent = false;
  const pairs: Socket[] = [];
  const relay = createServer((client) => {
    const upstream = connect(server.port, '127.0.0.1');
    pairs.push(client, upstream);
    client.on('data', (data) => silent || upstream.write(data)).on('error', () => undefined);
    upstream.on('data', (data) => silent || client.write(data)).on('error', () => undefined);
  });
  await once(relay.listen(0, '127.0.0.1'), 'listening');
  ends.push(() => {
    for (const socket of pairs) socket.destroy();
    relay.close();
  });
  const { port } = relay.address() as AddressInfo;
  const socket = await openConnection(access(server, port), ['h2']);
  const ended = new Promise<Http2Connection>((resolve) => {
    const connection = new Http2Connection(socket, { host: '127.0.0.1', port }, () => resolve(connection), 20);
    connection.send({ ...asked, path: `${path}?watch=true` }).then(
      ({ body }) => {
        body.on('error', () => undefined);
        silent = true;
      },
      () => undefined,
    );
  });
  const connection = await ended;
  expect([connection.lost, connection.usable]).toEqual([true, false]);
});

it('sends requests through the proxy of the environment, and upgrades past it', async () => {
  const server = await extensionServer();
  const proxy = new ConnectProxyServer(() => server.port);
  const proxyPort = await proxy.start();
  ends.push(() => proxy.stop());
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${proxyPort}`);
  const dialed: string[] = [];
  const dial = ({ host, port }: DialAddress) => {
    dialed.push(`${host}:${port}`);
    return directDialer.dial({ host: '127.0.0.1', port: host === '127.0.0.1' ? port : server.port });
  };
  const backend = new Backend({ ...access(server), address: { host: '198.51.100.1', port: 443 }, dialer: { dial } }, () => undefined);
  ends.push(() => backend.close());
  expect((await backend.send(asked)).code).toBe(200);
  (await backend.openForUpgrade(asked.signal)).destroy();
  expect([proxy.asked.map(({ url }) => url), dialed]).toEqual([['198.51.100.1:443'], [`127.0.0.1:${proxyPort}`, '198.51.100.1:443']]);
});

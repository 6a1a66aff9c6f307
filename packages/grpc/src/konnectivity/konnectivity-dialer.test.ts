import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { RemoteServer } from '@keelson/machinery';
import { afterEach, expect, it } from 'vitest';
import { KonnectivityProxy } from '../testing/index.js';
import { KonnectivityDialer } from './konnectivity-dialer.js';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const there = { host: '10.0.0.7', port: 80 };

async function proxied(server: Server) {
  const dir = await mkdtemp(join(tmpdir(), 'konnectivity-'));
  ends.push(() => rm(dir, { recursive: true }));
  ends.push(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy = new KonnectivityProxy((address) => (address.startsWith('10.') ? { host: '127.0.0.1', port } : undefined));
  await proxy.listen(join(dir, 'proxy.sock'));
  ends.push(() => proxy.stop());
  return { proxy, dialer: new KonnectivityDialer(join(dir, 'proxy.sock')) };
}

it('carries bytes both ways, however many, and ends when either side does', async () => {
  const sent = randomBytes(3 << 20);
  const echo = createTcpServer({ allowHalfOpen: true }, (socket) => {
    socket.pipe(socket, { end: false });
    socket.on('end', () => socket.end());
    let bytes = 0;
    socket.on('data', (data) => {
      bytes += data.length;
      if (bytes === sent.length) socket.end();
    });
  });
  const { proxy, dialer } = await proxied(echo);
  const connection = await dialer.dial(there);
  connection.write(sent);
  expect((await buffer(connection)).equals(sent)).toBe(true);
  const other = await dialer.dial(there);
  other.resume().end();
  await once(other, 'close');
  expect([proxy.dialled, proxy.closed]).toEqual([['10.0.0.7:80', '10.0.0.7:80'], 1]);
});

it('makes the other side wait for a slow reader', async () => {
  const source = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    const chunk = Buffer.alloc(1 << 20);
    const pump = () => {
      while (socket.write(chunk));
      socket.once('drain', pump);
    };
    pump();
  });
  const { dialer } = await proxied(source);
  const connection = await dialer.dial(there);
  connection.pause();
  let seen = -1;
  // Until no more arrives: what is kept is bounded.
  while (connection.readableLength !== seen) {
    seen = connection.readableLength;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  expect(seen).toBeLessThan(2 << 20);
  connection.destroy();
});

it('serves clients of HTTP, on a kept connection', async () => {
  const { proxy, dialer } = await proxied(createServer((req, res) => res.end(`${req.method} ${req.headers.host}`)));
  const server = new RemoteServer({ server: 'http://10.0.0.7', insecureSkipTlsVerify: false, dialer });
  ends.push(() => server.close());
  for (const body of [undefined, 'x', undefined]) {
    const answer = await server.send({ ...(body !== undefined && { body }) });
    expect(answer.body.toString()).toBe(`${body === undefined ? 'GET' : 'POST'} 10.0.0.7`);
  }
  expect(proxy.dialled).toEqual(['10.0.0.7:80']);
});

it('tells why it does not connect', async () => {
  const { dialer, proxy } = await proxied(createTcpServer());
  await expect(dialer.dial({ host: 'fd00::1', port: 80 })).rejects.toThrow('no agent for [fd00::1]:80');
  const signal = AbortSignal.abort();
  await expect(dialer.dial(there, signal)).rejects.toThrow('dial timeout, context');
  proxy.stop();
});

it('breaks connections when the proxy goes away', async () => {
  const { dialer, proxy } = await proxied(createTcpServer());
  const connection = await dialer.dial(there);
  const failed = once(connection, 'error');
  proxy.stop();
  expect(String((await failed)[0])).toMatch(/^RpcError: rpc error: code = (Unavailable|Canceled|Internal) desc = /);
});

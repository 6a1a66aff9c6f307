import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it, vi } from 'vitest';
import { ConnectProxyServer } from '../testing/connect-proxy.js';
import { directDialer } from './direct-dialer.js';
import { environmentDialer } from './environment-dialer.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const end of ends.splice(0).reverse()) await end();
});

/** A server, and a proxy that leads there whatever it is asked for. */
async function serverBehindProxy() {
  const server = createServer((_, res) => res.end('hello'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy = new ConnectProxyServer(() => port);
  ends.push(
    () => server.close(),
    () => proxy.stop(),
  );
  return { port, proxy, proxyPort: await proxy.start() };
}

async function ask(host: string, port: number): Promise<string> {
  const socket = await environmentDialer()?.dial({ host, port });
  socket?.end('GET / HTTP/1.0\r\n\r\n');
  return socket === undefined ? '' : text(socket);
}

it('is no other way while the environment names no proxy', () => {
  for (const name of ['HTTPS_PROXY', 'https_proxy']) vi.stubEnv(name, '');
  expect([environmentDialer(), environmentDialer(directDialer)]).toEqual([undefined, directDialer]);
});

it('leads by way of the proxy, but for this machine and what is excepted', async () => {
  const { port, proxy, proxyPort } = await serverBehindProxy();
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${proxyPort}`);
  vi.stubEnv('NO_PROXY', '192.0.2.0/24');
  expect(await ask('198.51.100.1', 10_250)).toMatch(/hello$/);
  expect(await ask('127.0.0.1', port)).toMatch(/hello$/);
  expect(proxy.asked.map(({ url }) => url)).toEqual(['198.51.100.1:10250']);
  const excepted = environmentDialer()?.dial({ host: '192.0.2.1', port: 1 }, AbortSignal.timeout(50));
  await expect(excepted).rejects.toThrow();
  expect(proxy.asked).toHaveLength(1);
});

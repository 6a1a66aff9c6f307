import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { ClusterAgents } from './cluster-agents.js';
import { requestTo, upgradeTo } from './destination.js';

const asked: unknown[] = [];
const proxy = createServer(({ url, headers }, res) => {
  asked.push([url, headers.host, headers['proxy-authorization']]);
  res.end('by way of the proxy');
}).on('connect', ({ url }, socket) => {
  asked.push(url);
  socket.end('HTTP/1.1 403 Not there\r\n\r\n');
});

let port: number;
beforeAll(async () => {
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  ({ port } = proxy.address() as AddressInfo);
});
beforeEach(() => {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY']) vi.stubEnv(name, `http://u:p@127.0.0.1:${port}`);
  vi.stubEnv('NO_PROXY', '192.0.2.0/24');
});
afterEach(() => {
  vi.unstubAllEnvs();
  asked.length = 0;
});
afterAll(() => {
  proxy.closeAllConnections();
  proxy.close();
});

const destination = (scheme: string, host: string, at?: number) => ({ ...new ClusterAgents().destination(scheme, host, at), path: '/a' });
const options = () => ({ method: 'GET', query: '?b=c', headers: { host: 'api.example:6443' }, signal: AbortSignal.timeout(30_000) });

it('leads requests of plain HTTP to the proxy of the environment, which is told where the client asked', async () => {
  const [answer] = (await once(requestTo(destination('http', '198.51.100.7'), options()).end(), 'response')) as [IncomingMessage];
  expect(await text(answer)).toBe('by way of the proxy');
  expect(asked).toEqual([['http://api.example:6443/a?b=c', 'api.example:6443', 'Basic dTpw']]);
});

it('leads requests of HTTPS through it', async () => {
  await expect(once(requestTo(destination('https', '198.51.100.7', 8443), options()).end(), 'response')).rejects.toThrow('Not there');
  expect(asked).toEqual(['198.51.100.7:8443']);
});

it.each(['http', 'https'])('leads straight to this machine, and what leaves HTTP, over %s', async (scheme) => {
  const own = requestTo(destination(scheme, '127.0.0.1', 1), options()).end();
  await expect(once(own, 'response')).rejects.toThrow('ECONNREFUSED');
  const upgrade = upgradeTo(destination(scheme, '198.51.100.7'), options());
  upgrade.on('error', () => undefined).end();
  await once(upgrade, 'socket');
  upgrade.destroy();
  expect(asked).toEqual([]);
});

it('leads straight to what is excepted', () => {
  const { ways } = destination('http', '192.0.2.1');
  expect([ways.proxy, ways.requests]).toEqual([undefined, ways.upgrades]);
});

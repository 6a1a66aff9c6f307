import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { ExtensionServer } from '@keelson/aggregator/testing';
import { issue } from '@keelson/auth/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestApiServer } from '../testing/test-api-server.js';
import { API_SERVICES, aggregatedServer, asAdmin, MORTAL } from './testing/aggregated-server.js';

const { running, send, get, available, untilAvailable, register } = aggregatedServer();
let server: TestApiServer;

beforeAll(() => {
  ({ server } = running());
});

describe('an extension server that ends', () => {
  const { group } = MORTAL;
  const gadgets = `/apis/${group}/v1/namespaces/default/gadgets`;

  it('ends its own watches and nothing else, and comes back by itself', async () => {
    await register(running().mortal.apiService());
    const watches = await Promise.all([open(`${gadgets}?watch=true`), open('/api/v1/namespaces?watch=true')]);
    const [own, other] = [watches[0].iterator(), watches[1].iterator()];
    expect(JSON.parse(String((await own.next()).value))).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'one' } } });
    expect(String((await other.next()).value)).toContain('ADDED');
    await running().mortal.kill();
    await expect(own.next()).rejects.toThrow('aborted');
    await untilAvailable(`v1.${group}`, 'False FailedDiscoveryCheck: failing or missing response from');
    expect(await available(`v1.${group}`)).toBe(
      `False FailedDiscoveryCheck: failing or missing response from https://${running().mortal.address}/apis/${group}/v1: Get "https://${running().mortal.address}/apis/${group}/v1": dial tcp ${running().mortal.address}: connect: connection refused`,
    );
    const told = await get(gadgets);
    expect([told.code, told.headers['content-type'], told.body]).toEqual([503, 'text/plain; charset=utf-8', 'service unavailable\n']);
    expect((await send('POST', '/api/v1/namespaces', { metadata: { name: 'goes-on' } })).code).toBe(201);
    expect(String((await other.next()).value)).toContain('goes-on');
    running().mortal = await ExtensionServer.start({ ...MORTAL, port: running().mortal.port });
    await send(
      'PATCH',
      `${API_SERVICES}/v1.${group}`,
      { spec: { caBundle: running().mortal.caBundle } },
      { 'content-type': 'application/merge-patch+json' },
    );
    await untilAvailable(`v1.${group}`, 'True Passed');
    expect((await get(gadgets)).code).toBe(200);
    for (const watch of watches) watch.destroy();
  });

  it('is there, but not believed, with a wrong certificate', async () => {
    const wrong = await issue([{ CN: ['wrong'] }], undefined, 'ca');
    const patch = { spec: { caBundle: Buffer.from(wrong.cert).toString('base64') } };
    await send('PATCH', `${API_SERVICES}/v1.${group}`, patch, { 'content-type': 'application/merge-patch+json' });
    await untilBody(
      gadgets,
      'error trying to reach service: tls: failed to verify certificate: x509: certificate signed by unknown authority\n',
    );
    expect(await available(`v1.${group}`)).toBe('True Passed: all checks passed');
    await send(
      'PATCH',
      `${API_SERVICES}/v1.${group}`,
      { spec: { caBundle: null, insecureSkipTLSVerify: true } },
      { 'content-type': 'application/merge-patch+json' },
    );
    while ((await get(gadgets)).code !== 200) await new Promise(setImmediate);
  });
});

async function open(path: string): Promise<IncomingMessage> {
  const asked = request(`${server.url}${path}`, { ca: await readFile(server.certificateFile), agent: false, headers: asAdmin }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return answer.on('error', () => undefined);
}

async function untilBody(path: string, expected: string): Promise<void> {
  while ((await get(path)).body !== expected) await new Promise(setImmediate);
}

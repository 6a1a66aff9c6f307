import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { issue } from '@keelson/auth/testing';
import { RemoteServer } from '@keelson/machinery';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openConnection } from './backend-access.js';

const server = createServer((_, response) => response.end('ok'));
const bundles: Record<string, string> = {};
let port: number;

beforeAll(async () => {
  const root = await issue([{ CN: ['root'] }], undefined, 'ca');
  const between = await issue([{ CN: ['between'] }], root, 'ca');
  const { cert, key } = await issue([{ CN: ['server'] }], between, 'server', 1, ['localhost']);
  Object.assign(bundles, {
    root: root.cert,
    between: between.cert,
    own: cert,
    other: (await issue([{ CN: ['root'] }], undefined, 'ca')).cert,
  });
  server.setSecureContext({ cert, key });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

it.each([
  ['root', 'ok'],
  ['between', 'ok'],
  ['own', 'ok'],
  ['other', 'tls: failed to verify certificate: x509: certificate signed by unknown authority'],
])('trusts whom a bundle names, an authority or the server itself: %s', async (name, outcome) => {
  const authorities = bundles[name] as string;
  const remote = new RemoteServer({ server: `https://127.0.0.1:${port}`, insecureSkipTlsVerify: false, certificateAuthority: authorities });
  const answer = await remote.send({}).then(
    ({ body }) => body.toString(),
    ({ message }: Error) => message,
  );
  remote.close();
  expect(answer).toContain(outcome);
  const access = { address: { host: '127.0.0.1', port }, serverName: 'localhost', authorities, insecure: false };
  const connected = await openConnection(access, ['http/1.1']).then(
    (socket) => socket.destroy().authorized,
    () => false,
  );
  expect(connected).toBe(outcome === 'ok');
});

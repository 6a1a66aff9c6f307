import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { type Credential, issue } from '@keelson/auth/testing';
import { directDialer } from '@keelson/machinery';
import { ConnectProxyServer } from '@keelson/machinery/testing';
import { Instruments } from '@keelson/server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FlagError } from '../../flags/flag-error.js';
import { openEgress } from './open-egress.js';

let dir: string;
let authority: Credential;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'egress-'));
  authority = await issue([{ CN: ['proxies'] }], undefined, 'ca');
  const client = await issue([{ CN: ['apiserver'] }], authority);
  await writeFile(join(dir, 'ca.crt'), authority.cert);
  await writeFile(join(dir, 'client.crt'), client.cert);
  await writeFile(join(dir, 'client.key'), client.key);
});
afterAll(() => rm(dir, { recursive: true }));

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

async function open(selections: readonly object[], apiVersion = 'apiserver.k8s.io/v1beta1') {
  const file = join(dir, 'egress.json');
  await writeFile(file, JSON.stringify({ apiVersion, kind: 'EgressSelectorConfiguration', egressSelections: selections }));
  return openEgress(file, new Instruments().egress);
}

const selection = (name: string, connection: object) => ({ name, connection });
const direct = { proxyProtocol: 'Direct' };
const overTcp = (url: string, tlsConfig?: object) => ({
  proxyProtocol: 'HTTPConnect',
  transport: { tcp: { url, ...(tlsConfig && { tlsConfig }) } },
});
const overSocket = (proxyProtocol: string, udsName = '/run/p.sock') => ({ proxyProtocol, transport: { uds: { udsName } } });
const tlsFiles = () => ({ caBundle: join(dir, 'ca.crt'), clientCert: join(dir, 'client.crt'), clientKey: join(dir, 'client.key') });

it('is nothing where no file says so, and what is named where one does', async () => {
  expect(await openEgress(undefined, new Instruments().egress)).toEqual({});
  const egress = await open([selection('Etcd', direct), selection('master', overSocket('GRPC'))], 'apiserver.k8s.io/v1alpha1');
  expect([Object.keys(egress), egress.etcd]).toEqual([['etcd', 'controlPlane'], directDialer]);
});

it.each([true, false])('connects through a proxy at a port, secured: %s', async (secured) => {
  const hello = createServer((socket) => socket.end('hello'));
  ends.push(() => hello.close());
  await once(hello.listen(0, '127.0.0.1'), 'listening');
  const server = await issue([{ CN: ['proxy'] }], authority, 'server');
  const tls = { cert: server.cert, key: server.key, ca: authority.cert, requestCert: true };
  const proxy = new ConnectProxyServer(() => (hello.address() as AddressInfo).port, secured ? tls : undefined);
  ends.push(() => proxy.stop());
  const place = `127.0.0.1:${await proxy.start()}`;
  const egress = await open([selection('cluster', secured ? overTcp(`https://${place}`, tlsFiles()) : overTcp(`http://${place}`))]);
  const connection = await egress.cluster?.dial({ host: 'fd00::1', port: 10250 });
  if (connection === undefined) throw new Error('there is no way');
  expect(String(await buffer(connection))).toBe('hello');
  const [asked] = proxy.asked;
  expect([asked?.url, asked?.headers.host]).toEqual(['[fd00::1]:10250', '127.0.0.1']);
  const { subject } = secured && asked ? (asked.socket as TLSSocket).getPeerCertificate() : { subject: undefined };
  expect(subject?.CN).toBe(secured ? 'apiserver' : undefined);
});

describe('a file that cannot be used', () => {
  const at = 'service.connection';
  it.each<[readonly object[], string]>([
    [[selection('cluster', {})], `${at}.protocol: Unsupported value: "": supported values: "Direct", "HTTPConnect", "GRPC"`],
    [
      [selection('cluster', { ...direct, transport: {} })],
      `${at}.transport: Invalid value: "direct": config must be absent for direct connect`,
    ],
    [[selection('cluster', { proxyProtocol: 'HTTPConnect' })], `${at}.transport: Required value: transport must be set for HTTPConnect`],
    [[selection('cluster', { proxyProtocol: 'HTTPConnect', transport: {} })], `${at}.tcp: Required value: One of TCP or UDS must be set`],
    [[selection('cluster', { proxyProtocol: 'GRPC' })], `${at}.transport: Required value: transport must be set for GRPC`],
    [[selection('cluster', { proxyProtocol: 'GRPC', transport: {} })], `${at}.uds: Required value: UDS must be set with GRPC`],
    [[selection('cluster', overSocket('GRPC', ''))], `${at}.udsName: Invalid value: "nil": must be present for UDS connections`],
    [
      [selection('cluster', overTcp('ftp://p'))],
      `${at}.url: Invalid value: "ftp://p": supported connection protocols are http:// and https://`,
    ],
    [[selection('cluster', overTcp('http://p', {}))], `${at}.tlsConfig: Invalid value: "nil": config must not be present when using HTTP`],
    [[selection('cluster', overTcp('https://p'))], `${at}.tlsConfig: Required value: TLSConfig must be present when using HTTPS`],
    [
      [selection('cluster', overTcp('https://p', { caBundle: '/none/ca', clientKey: '/none/key' }))],
      `[${at}.tlsConfig.caBundle: Invalid value: "/none/ca": TLS config ca bundle does not exist, ${at}.tlsConfig.clientCert: Invalid value: "nil": Using TLS requires clientCert, ${at}.tlsConfig.clientKey: Invalid value: "/none/key": TLS client key does not exist]`,
    ],
    [
      [selection('cluster', overTcp('https://p', { clientCert: '/none/crt' }))],
      `[${at}.tlsConfig.clientCert: Invalid value: "/none/crt": TLS client cert does not exist, ${at}.tlsConfig.clientKey: Invalid value: "nil": Using TLS requires requires clientKey]`,
    ],
    [[selection('cluster', direct), selection('Cluster', direct)], `${at}[1]: Duplicate value: "cluster"`],
    [[selection('nodes', direct)], `${at}: Unsupported value: "nodes": supported values: "cluster", "controlplane", "etcd"`],
  ])('is told what is wrong with it %#', async (selections, problem) => {
    await expect(open(selections)).rejects.toThrow(new FlagError(`failed to validate egress selector configuration: ${problem}`));
  });

  it('is of another kind, version or form', async () => {
    const failed = (what: string) => new FlagError(`failed to read egress selector config: ${what}`);
    await expect(open([], 'apiserver.k8s.io/v1')).rejects.toThrow(
      failed('no kind "EgressSelectorConfiguration" is registered for version "apiserver.k8s.io/v1"'),
    );
    await expect(open([{ ...selection('cluster', direct), more: 1 }])).rejects.toThrow(
      failed('strict decoding error: unknown field "egressSelections[0].more"'),
    );
  });
});

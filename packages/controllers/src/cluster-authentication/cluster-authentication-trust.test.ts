import { type Credential, issue } from '@keelson/auth/testing';
import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fail, startBuiltInServer } from '../testing/built-in-server.js';
import type { ClusterAuthentication, FrontProxyAuthentication } from './cluster-authentication.js';
import { ClusterAuthenticationTrust } from './cluster-authentication-trust.js';

const collection = '/api/v1/namespaces/kube-system/configmaps';
const path = `${collection}/extension-apiserver-authentication`;

let one: Credential;
let two: Credential;
let old: Credential;
let server: TestServer;

beforeAll(async () => {
  const make = (name: string, days?: number) => issue([{ CN: [name] }], undefined, 'ca', days);
  [one, two, old] = await Promise.all([make('one'), make('two'), make('old', -0.5)]);
});
beforeEach(async () => {
  server = await startBuiltInServer();
  await server.client.post('/api/v1/namespaces', { metadata: { name: 'kube-system' } });
});
afterEach(stopTestServers);

const pem = (...credentials: Credential[]) => credentials.map(({ cert }) => `${cert.trim()}\n`).join('');

function frontProxy(credential: Credential, more: Partial<FrontProxyAuthentication> = {}): FrontProxyAuthentication {
  return {
    authorities: credential.cert,
    allowedNames: ['front-proxy'],
    usernameHeaders: ['X-Remote-User'],
    uidHeaders: [],
    groupHeaders: ['X-Remote-Group'],
    extraHeaderPrefixes: ['X-Remote-Extra-'],
    ...more,
  };
}

async function data(): Promise<unknown> {
  const answer = await server.client.get(path);
  return answer.code === 404 ? 'missing' : answer.json<{ data: unknown }>().data;
}

async function reconcile(own: ClusterAuthentication): Promise<unknown> {
  const controller = new ClusterAuthenticationTrust(server.api.loopback, () => own, fail);
  await controller.start();
  await controller.stop();
  return data();
}

const publish = (content: Record<string, string>) =>
  server.client.post(collection, { metadata: { name: 'extension-apiserver-authentication' }, data: content });

const lists = {
  'requestheader-allowed-names': '["front-proxy"]',
  'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
  'requestheader-group-headers': '["X-Remote-Group"]',
  'requestheader-username-headers': '["X-Remote-User"]',
};

describe('ClusterAuthenticationTrust', () => {
  it('publishes what there is', async () => {
    expect(await reconcile({})).toBe('missing');
    expect(await reconcile({ clientAuthorities: one.cert })).toEqual({ 'client-ca-file': pem(one) });
    expect(await reconcile({ clientAuthorities: one.cert, frontProxy: frontProxy(two) })).toEqual({
      'client-ca-file': pem(one),
      'requestheader-client-ca-file': pem(two),
      ...lists,
    });
  });

  it('adds to what others have published, and drops what is over or not its own', async () => {
    await publish({
      'client-ca-file': pem(old, two),
      'requestheader-client-ca-file': pem(one),
      ...lists,
      'requestheader-allowed-names': '["aggregator"]',
      'requestheader-uid-headers': '["X-Remote-Uid"]',
      other: 'text',
    });
    const own = { clientAuthorities: pem(two, one), frontProxy: frontProxy(one, { uidHeaders: ['X-Uid', 'X-Remote-Uid'] }) };
    expect(await reconcile(own)).toEqual({
      'client-ca-file': pem(two, one),
      'requestheader-client-ca-file': pem(one),
      ...lists,
      'requestheader-allowed-names': '["aggregator","front-proxy"]',
      'requestheader-uid-headers': '["X-Remote-Uid","X-Uid"]',
    });
  });

  it('writes nothing when nothing is to be changed', async () => {
    const own = { clientAuthorities: one.cert, frontProxy: frontProxy(two) };
    await reconcile(own);
    const before = (await server.client.get(path)).text;
    await reconcile(own);
    expect((await server.client.get(path)).text).toBe(before);
  });

  it('leaves what it cannot read, and says so', async () => {
    await publish({ 'client-ca-file': pem(two), 'requestheader-username-headers': '{}' });
    const failures: unknown[] = [];
    const own = () => ({ clientAuthorities: one.cert });
    const controller = new ClusterAuthenticationTrust(server.api.loopback, own, (error) => {
      failures.push(error);
      void controller.stop();
    });
    await controller.start();
    expect(failures).toEqual([new Error('{} is not a list of texts')]);
    expect(await data()).toEqual({ 'client-ca-file': pem(two), 'requestheader-username-headers': '{}' });
  });

  it('publishes new authorities when told, and all again when they are gone', async () => {
    let own: ClusterAuthentication = { clientAuthorities: one.cert };
    const controller = new ClusterAuthenticationTrust(server.api.loopback, () => own, fail);
    await controller.start();
    own = { clientAuthorities: two.cert };
    controller.publish();
    await expect.poll(data).toEqual({ 'client-ca-file': pem(one, two) });
    await server.client.delete(path);
    controller.publish();
    await expect.poll(data).toEqual({ 'client-ca-file': pem(two) });
    await controller.stop();
  });

  it('starts anew when there is no more room', async () => {
    const many = Array.from({ length: 1_048_576 / 16 - 100 }, (_, at) => `name-${String(at).padStart(8, '0')}`);
    await publish({ 'requestheader-client-ca-file': pem(one), ...lists, 'requestheader-allowed-names': JSON.stringify(many) });
    const failures: string[] = [];
    const own = { clientAuthorities: pem(one, two), frontProxy: frontProxy(two) };
    const controller = new ClusterAuthenticationTrust(
      server.api.loopback,
      () => own,
      (error) => failures.push(String(error)),
    );
    await controller.start();
    await controller.stop();
    expect(failures).toEqual([expect.stringContaining('Too long')]);
    expect(await data()).toEqual({ 'client-ca-file': pem(one, two), 'requestheader-client-ca-file': pem(two), ...lists });
  });
});

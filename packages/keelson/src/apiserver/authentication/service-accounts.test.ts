import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { TokenSigner } from '@keelson/auth';
import type { Json } from '@keelson/machinery';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { FlagError } from '../../flags/flag-error.js';
import { TestApiServer } from '../testing/test-api-server.js';

const accounts = '/api/v1/namespaces/default/serviceaccounts';
const asAdmin = { authorization: 'Bearer admin' };
const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const [current, older] = [newKeys(), newKeys()];
const privatePem = (key: KeyObject) => String(key.export({ format: 'pem', type: 'pkcs8' }));
const publicPem = (key: KeyObject) => String(key.export({ format: 'pem', type: 'spki' }));
const files = {
  'sa.key': privatePem(current.privateKey),
  'sa.pub': publicPem(current.publicKey),
  'older.pub': publicPem(older.publicKey),
  'ca.crt': 'PEM',
};
const flags = ['--service-account-signing-key-file={dir}/sa.key', '--service-account-key-file={dir}/sa.pub'];

let server: TestApiServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function start(...more: string[]): Promise<TestApiServer> {
  server = await TestApiServer.start(more, files);
  const { ask } = bound(server);
  await expect.poll(async () => (await ask('/readyz')).code, { timeout: 20_000 }).toBe(200);
  return server;
}

function bound(on: TestApiServer) {
  const ask = (path: string, body?: Json) => on.ask(path, { headers: asAdmin, ...(body !== undefined && { body }) });
  const make = async (path: string, body: Json) => {
    const { code, body: made } = await ask(path, body);
    expect([path, code]).toEqual([path, 201]);
    return made as { readonly metadata: { readonly uid: string }; readonly status: { readonly token: string } };
  };
  return { ask, make, as: (token: string) => on.whoAmI({ headers: { authorization: `Bearer ${token}` } }) };
}

describe('a server with an issuer that is a URL', () => {
  const issuers = ['--service-account-issuer=https://new.example', '--service-account-issuer=https://old.example'];

  it('knows tokens by the keys and issuers that others have replaced', async () => {
    const { make, as } = bound(await start(...flags, ...issuers, '--service-account-key-file={dir}/older.pub'));
    const { uid } = (await make(accounts, { metadata: { name: 'robot' } })).metadata;
    const { token } = (await make(`${accounts}/robot/token`, {})).status;
    expect([decodeProtectedHeader(token).alg, decodeJwt(token).iss]).toEqual(['ES256', 'https://new.example']);
    expect(decodeJwt(token).aud).toEqual(['https://new.example', 'https://old.example']);
    const robot = { username: 'system:serviceaccount:default:robot', uid };
    expect(await as(token)).toMatchObject(robot);
    const claims = { ...decodeJwt(token), iss: 'https://old.example', aud: ['https://old.example'] };
    expect(await as(await new TokenSigner(older.privateKey).sign(claims))).toMatchObject(robot);
    expect(await as(await new TokenSigner(newKeys().privateKey).sign(claims))).toBe(401);
  });

  it('tells others of its keys, under the name that others know it by', async () => {
    const { ask } = bound(await start(...flags, ...issuers, '--external-hostname=api.example'));
    const { headers, body } = await ask('/.well-known/openid-configuration');
    const { port } = new URL(server?.url ?? '');
    expect(body).toMatchObject({ issuer: 'https://new.example', jwks_uri: `https://api.example:${port}/openid/v1/jwks` });
    expect(headers['cache-control']).toBe('public, max-age=3600');
    const keys = await ask('/openid/v1/jwks');
    expect(keys.headers['content-type']).toBe('application/jwk-set+json');
    expect(JSON.parse(String(keys.body))).toMatchObject({ keys: [{ use: 'sig', kty: 'EC', crv: 'P-256', alg: 'ES256' }] });
  });

  it('counts and tells how tokens of secrets are used', async () => {
    const { ask, make } = bound(await start(...flags, ...issuers, '--controllers=*', '--root-ca-file={dir}/ca.crt'));
    await make(accounts, { metadata: { name: 'robot' }, secrets: [{ name: 'robot-token' }] });
    const annotations = { 'kubernetes.io/service-account.name': 'robot' };
    const secret = { metadata: { name: 'robot-token', annotations }, type: 'kubernetes.io/service-account-token' };
    await make('/api/v1/namespaces/default/secrets', secret);
    const stored = async () => {
      const { body } = await ask('/api/v1/namespaces/default/secrets/robot-token');
      return (body as { readonly data?: { readonly token?: string } }).data?.token;
    };
    await expect.poll(stored).toBeTypeOf('string');
    const token = Buffer.from((await stored()) ?? '', 'base64').toString();
    const answer = await server?.ask('/api', { headers: { authorization: `Bearer ${token}` } });
    expect(answer?.headers.warning).toBe(
      '299 - "Use tokens from the TokenRequest API or manually created secret-based tokens instead of auto-generated secret-based tokens."',
    );
    const metrics = String((await ask('/metrics')).body).split('\n');
    expect(metrics).toContain('serviceaccount_legacy_auto_token_uses_total 1');
    expect(metrics).toContain('serviceaccount_legacy_tokens_total 1');
    expect(metrics).toContain('serviceaccount_legacy_manual_token_uses_total 0');
  });
});

it('serves no documents where the issuer is no URL that others could use', async () => {
  const { ask, make, as } = bound(await start(...flags, '--service-account-issuer=kubernetes', '--api-audiences=api,other'));
  for (const path of ['/.well-known/openid-configuration', '/openid/v1/jwks']) expect((await ask(path)).code).toBe(404);
  await make(accounts, { metadata: { name: 'robot' } });
  const { token } = (await make(`${accounts}/robot/token`, {})).status;
  expect(decodeJwt(token)).toMatchObject({ iss: 'kubernetes', aud: ['api', 'other'] });
  expect(await as(token)).toMatchObject({ username: 'system:serviceaccount:default:robot' });
});

it('limits and extends lives as it is told', async () => {
  const limits = ['--service-account-max-token-expiration=2h', '--service-account-extend-token-expiration=false'];
  const { ask, make } = bound(await start(...flags, '--service-account-issuer=https://new.example', ...limits));
  await make(accounts, { metadata: { name: 'default' } });
  const pod = { metadata: { name: 'web' }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  await make('/api/v1/namespaces/default/pods', pod);
  const life = async (spec: Json) => {
    const { exp = 0, iat = 0 } = decodeJwt((await make(`${accounts}/default/token`, { spec })).status.token);
    return exp - iat;
  };
  expect(await life({ expirationSeconds: 8000 })).toBe(7200);
  expect(await life({ expirationSeconds: 3607, boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'web' } })).toBe(3607);
  expect((await ask('/api/v1/namespaces/default/pods/web')).body).toMatchObject({ spec: { serviceAccountName: 'default' } });
});

it('issues and knows no tokens without keys, and refuses pods without accounts', async () => {
  const { ask, make, as } = bound(await start());
  await make(accounts, { metadata: { name: 'robot' } });
  expect((await ask(`${accounts}/robot/token`, {})).code).toBe(404);
  const token = await new TokenSigner(current.privateKey).sign({ iss: 'kubernetes/serviceaccount' });
  expect(await as(token)).toBe(401);
  const refused = await ask('/api/v1/namespaces/default/pods', {
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  });
  expect(refused.body).toMatchObject({
    code: 403,
    message: 'pods "web" is forbidden: error looking up service account default/default: serviceaccount "default" not found',
  });
});

it('says which key file is of no use', async () => {
  const issuer = '--service-account-issuer=https://new.example';
  const wrong = [issuer, '--service-account-signing-key-file={dir}/older.pub', '--service-account-key-file={dir}/sa.pub'];
  await expect(TestApiServer.start(wrong, files)).rejects.toThrow(FlagError);
  const missing = [issuer, ...flags, '--controllers=*', '--root-ca-file={dir}/missing'];
  await expect(TestApiServer.start(missing, files)).rejects.toThrow(/^--root-ca-file: ENOENT/);
});

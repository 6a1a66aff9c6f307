import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SampleSigner } from '@keelson/auth/testing';
import type { Json } from '@keelson/machinery';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { FlagError } from '../../flags/flag-error.js';
import { TestApiServer } from '../testing/test-api-server.js';

const accounts = '/api/v1/namespaces/default/serviceaccounts';
const headers = { authorization: 'Bearer admin' };

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function sampleSigner() {
  const dir = await mkdtemp(join(tmpdir(), 'signer-'));
  ends.push(() => rm(dir, { recursive: true }));
  const signer = new SampleSigner();
  const socket = join(dir, 's.sock');
  await signer.listen(socket);
  ends.push(() => signer.stop());
  return { signer, flags: ['--service-account-issuer=https://issuer.example', `--service-account-signing-endpoint=${socket}`] };
}

async function start(...flags: string[]) {
  const server = await TestApiServer.start(flags);
  ends.push(() => server.stop());
  const ask = (path: string, body?: Json) => server.ask(path, { headers, ...(body !== undefined && { body }) });
  expect((await ask(accounts, { metadata: { name: 'robot' } })).code).toBe(201);
  const tokenFor = async (spec: Json = {}) => {
    const { code, body, headers: told } = await ask(`${accounts}/robot/token`, { spec });
    expect([code, body]).toEqual([201, body]);
    return { token: (body as { readonly status: { readonly token: string } }).status.token, warning: told.warning };
  };
  const as = (token: string) => server.whoAmI({ headers: { authorization: `Bearer ${token}` } });
  return { ask, tokenFor, as };
}

const lifeOf = (token: string) => {
  const { exp = 0, iat = 0 } = decodeJwt(token);
  return exp - iat;
};

describe('a server whose tokens another program signs', () => {
  it('issues and knows tokens, those of later keys, too', async () => {
    const { signer, flags } = await sampleSigner();
    const { tokenFor, as, ask } = await start(...flags);
    const robot = { username: 'system:serviceaccount:default:robot' };
    const first = (await tokenFor()).token;
    expect(decodeProtectedHeader(first)).toEqual({ alg: 'ES256', kid: 'key-1', typ: 'JWT' });
    expect(await as(first)).toMatchObject(robot);
    signer.rotate();
    const second = (await tokenFor()).token;
    expect(decodeProtectedHeader(second).kid).toBe('key-2');
    expect([await as(second), await as(first)]).toMatchObject([robot, robot]);
    const [, payload = ''] = second.split('.');
    const forged = [Buffer.from('{"alg":"ES256","kid":"key-9","typ":"JWT"}').toString('base64url'), payload, 'AAAA'].join('.');
    expect(await as(forged)).toBe(401);
    const metrics = String((await ask('/metrics')).body).split('\n');
    expect(metrics).toContain('apiserver_externaljwt_sign_request_total{code="OK"} 2');
    expect(metrics).toContain('apiserver_externaljwt_fetch_keys_data_timestamp 1700000002');
  });

  it('tells relying parties of the keys that they may meet, at once when there are others', async () => {
    const { signer, flags } = await sampleSigner();
    signer.rotate(false);
    signer.rotate();
    const { ask, as } = await start(...flags);
    const keyIds = async () => {
      const { body, headers: told } = await ask('/openid/v1/jwks');
      const seconds = Number(/^public, max-age=(\d+)$/.exec(told['cache-control'] ?? '')?.[1]);
      expect(seconds).toBeLessThanOrEqual(60);
      return (JSON.parse(String(body)) as { readonly keys: readonly { readonly kid: string }[] }).keys.map(({ kid }) => kid);
    };
    expect(await keyIds()).toEqual(['key-1', 'key-3']);
    signer.rotate();
    const unknown = [Buffer.from('{"alg":"ES256","kid":"key-4"}'), Buffer.from('{"iss":"https://issuer.example"}'), Buffer.of(0)];
    expect(await as(unknown.map((part) => part.toString('base64url')).join('.'))).toBe(401);
    expect(await keyIds()).toEqual(['key-1', 'key-3', 'key-4']);
  });

  it('gives tokens no longer lives than the signer does, those of pods neither', async () => {
    const { signer, flags } = await sampleSigner();
    signer.maxTokenSeconds = 5400;
    const { ask, tokenFor } = await start(...flags);
    const { token, warning } = await tokenFor({ expirationSeconds: 8000 });
    expect([lifeOf(token), warning]).toEqual([5400, '299 - "requested expiration of 8000 seconds shortened to 5400 seconds"']);
    const pod = { metadata: { name: 'web' }, spec: { serviceAccountName: 'robot', containers: [{ name: 'c', image: 'i' }] } };
    expect((await ask('/api/v1/namespaces/default/pods', pod)).code).toBe(201);
    const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', name: 'web' };
    expect(lifeOf((await tokenFor({ expirationSeconds: 3607, boundObjectRef })).token)).toBe(5400);
  });

  it('says why the signer would not sign', async () => {
    const { signer, flags } = await sampleSigner();
    const { ask } = await start(...flags);
    signer.header = { alg: 'none' };
    expect((await ask(`${accounts}/robot/token`, {})).body).toMatchObject({
      code: 500,
      message: 'Internal error occurred: failed to generate token: while validating header: bad signing algorithm "none"',
    });
  });
});

describe('a signer that cannot be used', () => {
  const failure = async (flags: string[]) => {
    const error = await TestApiServer.start(flags).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FlagError);
    return (error as FlagError).message;
  };

  it('keeps a server from starting', async () => {
    const { signer, flags } = await sampleSigner();
    const beyond = ['--service-account-max-token-expiration=150m'];
    expect(await failure([...flags, ...beyond])).toBe(
      'service-account-max-token-expiration cannot be set longer than the token expiration supported by service-account-signing-endpoint: 2h30m0s > 2h0m0s',
    );
    signer.maxTokenSeconds = 599;
    expect(await failure(flags)).toBe('max token life supported by external-jwt-signer (599s) is less than acceptable (min 600s)');
    signer.keySet = { keys: [] };
    expect(await failure(flags)).toBe(
      'while setting up external-jwt-signer: while initially filling key cache: while performing initial cache fill: while fetching token verification keys: found no keys',
    );
  });
});

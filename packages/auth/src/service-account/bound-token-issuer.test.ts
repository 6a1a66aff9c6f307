import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactVerify, decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BoundTokenIssuer } from './bound-token-issuer.js';
import { keyIdOf } from './key-id.js';
import { LegacyTokenIssuer } from './legacy-token-issuer.js';
import { TokenSigner } from './token-signer.js';

const dir = mkdtempSync(join(tmpdir(), 'signer-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const nowSeconds = 1_700_000_000;
const account = { name: 'builder', uid: 'account-uid' };
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signer = new TokenSigner(ec.privateKey);

beforeEach(() => void vi.useFakeTimers({ now: nowSeconds * 1000 + 999 }));
afterEach(() => void vi.useRealTimers());

describe('BoundTokenIssuer', () => {
  const issuer = new BoundTokenIssuer('https://issuer.example', signer);
  const grant = { namespace: 'ns', account, audiences: ['api', 'vault'], lifetimeSeconds: 600 };

  it('says whose token it is, whom it is for, and for how long', async () => {
    const { token, credentialId } = await issuer.issue(grant);
    const claims = decodeJwt(token);
    expect(JSON.stringify(claims)).toBe(
      JSON.stringify({
        aud: ['api', 'vault'],
        exp: nowSeconds + 600,
        iat: nowSeconds,
        iss: 'https://issuer.example',
        jti: claims.jti,
        'kubernetes.io': { namespace: 'ns', serviceaccount: { name: 'builder', uid: 'account-uid' } },
        nbf: nowSeconds,
        sub: 'system:serviceaccount:ns:builder',
      }),
    );
    expect(claims.jti).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(credentialId).toBe(`JTI=${claims.jti}`);
  });

  it('names what the token is bound to', async () => {
    const pod = { name: 'p', uid: 'pod-uid' };
    const bound = async (more: object) => decodeJwt((await issuer.issue({ ...grant, ...more })).token)['kubernetes.io'];
    const serviceaccount = account;
    expect(await bound({ pod, node: { name: 'n', uid: '' }, warnAfterSeconds: 7 })).toEqual({
      namespace: 'ns',
      node: { name: 'n' },
      pod,
      serviceaccount,
      warnafter: nowSeconds + 7,
    });
    expect(await bound({ secret: { name: 's', uid: 'u' } })).toEqual({
      namespace: 'ns',
      secret: { name: 's', uid: 'u' },
      serviceaccount,
    });
  });
});

it('makes the tokens that secrets keep', async () => {
  const token = await new LegacyTokenIssuer(signer).issue('ns', account, 'builder-token');
  expect(decodeJwt(token)).toEqual({
    iss: 'kubernetes/serviceaccount',
    'kubernetes.io/serviceaccount/namespace': 'ns',
    'kubernetes.io/serviceaccount/secret.name': 'builder-token',
    'kubernetes.io/serviceaccount/service-account.name': 'builder',
    'kubernetes.io/serviceaccount/service-account.uid': 'account-uid',
    sub: 'system:serviceaccount:ns:builder',
  });
});

describe('TokenSigner', () => {
  it.each([
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }), 'pkcs1'],
    ['ES256', ec, 'sec1'],
    ['ES384', generateKeyPairSync('ec', { namedCurve: 'P-384' }), 'pkcs8'],
    ['ES512', generateKeyPairSync('ec', { namedCurve: 'P-521' }), 'pkcs8'],
  ] as const)('signs by %s with the key in a file', async (alg, { privateKey, publicKey }, type) => {
    const file = join(dir, `${alg}.key`);
    writeFileSync(file, privateKey.export({ format: 'pem', type: type as 'pkcs8' }));
    const token = await TokenSigner.fromFile(file).sign({ a: 1 });
    expect(decodeProtectedHeader(token)).toEqual({ alg, kid: keyIdOf(publicKey) });
    const { payload } = await compactVerify(token, publicKey);
    expect(new TextDecoder().decode(payload)).toBe('{"a":1}');
  });

  it('says which file cannot be used', () => {
    const file = join(dir, 'public.pem');
    writeFileSync(file, ec.publicKey.export({ format: 'pem', type: 'spki' }));
    const problem = `error reading private key file ${file}: data does not contain a valid RSA or ECDSA private key`;
    expect(() => TokenSigner.fromFile(file)).toThrow(problem);
  });
});

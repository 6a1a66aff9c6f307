import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactSign, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { AccountTokenAuthenticator } from './account-token-authenticator.js';
import { keyIdOf } from './key-id.js';
import type { TokenUse } from './token-use.js';
import { parseVerificationKeys, VerificationKeys } from './verification-keys.js';

const issuer = 'https://issuer.example';
const api = ['https://kubernetes.default.svc'];
const newKeys = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const [current, older, strange] = [newKeys(), newKeys(), newKeys()];
const pem = (key: KeyObject) => String(key.export({ format: 'pem', type: 'spki' }));
const keys = new VerificationKeys([current, older].flatMap(({ publicKey }) => parseVerificationKeys(pem(publicKey))));
const badSignature = 'go-jose/go-jose: error in cryptographic primitive';

const uses: TokenUse[] = [];
const authenticator = new AccountTokenAuthenticator({
  issuers: [issuer, 'https://earlier.example'],
  keys,
  apiAudiences: api,
  onUse: (use) => uses.push(use),
  validator: {
    async validate(_token, { subject }) {
      if (subject === 'gone') throw new Error('service account token has been invalidated');
      return { user: { name: subject, groups: [] }, annotations: { seen: subject } };
    },
  },
});

function signed(claims: object, { privateKey, publicKey }: typeof current = current, header: object = {}): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify({ iss: issuer, sub: 'robot', aud: api, ...claims }));
  return new CompactSign(payload).setProtectedHeader({ alg: 'RS256', kid: keyIdOf(publicKey), ...header }).sign(privateKey);
}

async function outcome(token: string, audiences: readonly string[] = api): Promise<unknown> {
  try {
    return (await authenticator.authenticateToken(token, audiences))?.user.name;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a token', () => {
  it.each([
    ['by the key that it names', () => signed({})],
    ['by a key that others replace', () => signed({}, older)],
    ['by any of the keys, when it names none', () => signed({}, older, { kid: undefined })],
    ['by another algorithm of the key', () => signed({}, current, { alg: 'PS512' })],
    ['of an issuer that others replace', () => signed({ iss: 'https://earlier.example' })],
  ])('is known when it was signed %s', async (_, token) => {
    expect(await outcome(await token())).toBe('robot');
  });

  it.each([
    ['signed by a strange key', () => signed({}, strange), 'invalid signature, no keys found'],
    ['signed by a strange key that claims to be a known one', () => signed({}, strange, { kid: keyIdOf(current.publicKey) }), badSignature],
    ['signed by a strange key that claims nothing', () => signed({}, strange, { kid: undefined }), badSignature],
    ['not signed', async () => new UnsecuredJWT({ iss: issuer, sub: 'robot', aud: api }).encode(), badSignature],
    ['signed with the public key as a shared secret', () => sharedSecret(), badSignature],
    ['changed', async () => changed(await signed({})), badSignature],
    ['of an algorithm of another kind of key', async () => (await signed({})).replace(/^[^.]+/, header({ alg: 'ES256' })), badSignature],
    ['of somebody that is gone', () => signed({ sub: 'gone' }), 'service account token has been invalidated'],
    ['ill-formed', () => signed({ aud: 7 }), 'claim aud is neither a string nor a list of strings'],
  ])('is refused when it is %s', async (_, token, why) => {
    expect(await outcome(await token())).toBe(why);
  });

  it.each([
    ['of another issuer', () => signed({ iss: 'https://elsewhere.example' })],
    ['of no issuer', () => signed({ iss: undefined })],
    ['of an issuer that is no text', () => signed({ iss: [issuer] })],
    ['no token at all', async () => 'admin-token'],
    ['of four parts', async () => `${await signed({})}.x`],
    ['not base64', async () => 'a.!!.b'],
    ['no JSON', async () => `a.${Buffer.from('{').toString('base64url')}.b`],
    ['without a header', async () => (await signed({})).replace(/^[^.]+/, 'e30x')],
    ['not text', async () => `a.${Buffer.from([0xff, 0xfe]).toString('base64url')}.b`],
  ])('is left to others when it is %s', async (_, token) => {
    expect(authenticator.authenticateToken(await token(), api)).toBeUndefined();
  });
});

describe('audiences', () => {
  const resultOf = async (claims: object, wanted: readonly string[]) => authenticator.authenticateToken(await signed(claims), wanted);

  it('are those that are wanted and that the token is for', async () => {
    const result = await resultOf({ aud: ['vault', 'api', 'other'] }, ['other', 'vault']);
    expect(result).toEqual({ user: { name: 'robot', groups: [] }, audiences: ['vault', 'other'], annotations: { seen: 'robot' } });
    expect((await resultOf({ aud: 'vault' }, ['vault']))?.audiences).toEqual(['vault']);
  });

  it('must have something in common', async () => {
    expect(await outcome(await signed({ aud: ['a', 'b"c'] }), ['x', 'y'])).toBe(
      'token audiences ["a" "b\\"c"] is invalid for the target audiences ["x" "y"]',
    );
    expect(await outcome(await signed({ aud: ['vault'] }), [])).toBe(
      `token audiences ["vault"] is invalid for the target audiences ["${api[0]}"]`,
    );
  });

  it('are those of the API where the token names none, which is noted', async () => {
    uses.length = 0;
    const result = await resultOf({ aud: undefined }, api);
    expect(result).toMatchObject({ audiences: api, annotations: { 'authentication.k8s.io/legacy-token': 'robot', seen: 'robot' } });
    expect(uses).toEqual(['legacy']);
  });
});

function sharedSecret(): Promise<string> {
  const secret = new TextEncoder().encode(pem(current.publicKey));
  return new SignJWT({ iss: issuer, sub: 'robot', aud: [...api] }).setProtectedHeader({ alg: 'HS256' }).sign(secret);
}

function header(fields: object): string {
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

function changed(token: string): string {
  const [head, , signature] = token.split('.');
  return [head, header({ iss: issuer, sub: 'admin', aud: api }), signature].join('.');
}

import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import {
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  importPKCS8,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttackedServer } from './attacked-server.js';

type Key = Awaited<ReturnType<typeof importPKCS8>> | KeyObject;

const issuer = 'https://kubernetes.default.svc';
const nowSeconds = Math.floor(Date.now() / 1000);

let server: AttackedServer;
/** What the server has issued and signed, and with what. */
let issued: { readonly token: string; readonly claims: JWTPayload; readonly header: JWTHeaderParameters; readonly key: Key };
beforeAll(async () => {
  server = await AttackedServer.start();
  const accounts = '/api/v1/namespaces/default/serviceaccounts';
  await server.send({ method: 'POST', path: accounts, body: JSON.stringify({ metadata: { name: 'victim' } }) });
  const token = await tokenFor();
  const header = decodeProtectedHeader(token) as JWTHeaderParameters;
  const key = await importPKCS8(await server.readFile('pki/sa.key'), header.alg);
  issued = { token, claims: decodeJwt(token), header, key };
});
afterAll(() => server?.stop());

async function tokenFor(...audiences: string[]): Promise<string> {
  const body = JSON.stringify({ spec: { audiences, expirationSeconds: 600 } });
  const answer = await server.send({ method: 'POST', path: '/api/v1/namespaces/default/serviceaccounts/victim/token', body });
  return (JSON.parse(answer.body.toString()) as { status: { token: string } }).status.token;
}

/** With the server's own key, unless there is another one. */
function signed(claims: object, { header = {}, key = issued.key }: { header?: object; key?: Key } = {}): Promise<string> {
  return new SignJWT({ ...issued.claims, ...claims }).setProtectedHeader({ ...issued.header, ...header }).sign(key);
}

const own = () => issued.claims['kubernetes.io'] as Readonly<Record<string, object>>;
const bound = (to: object) => signed({ 'kubernetes.io': { ...own(), ...to } });
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const payloadOf = (token: string) => token.split('.')[1] ?? '';
const signatureOf = (token: string) => token.split('.')[2] ?? '';

/** Another payload or header with the signature of the server. */
const swapped = (header: object, claims: object) =>
  `${part({ ...issued.header, ...header })}.${part({ ...issued.claims, ...claims })}.${signatureOf(issued.token)}`;

/** Signed with the public key as if that were a shared secret. */
async function confused(): Promise<string> {
  const { keys } = JSON.parse((await server.send({ path: '/openid/v1/jwks' })).body.toString());
  const pem = createPublicKey({ key: keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const text = `${part({ alg: 'HS256', kid: keys[0].kid })}.${payloadOf(issued.token)}`;
  return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
}

/** With a key of the attacker, who says which in the token itself. */
async function bringingKey(): Promise<string> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return signed({}, { key: privateKey, header: { alg: 'RS256', jwk: await exportJWK(publicKey) } });
}

const strangeKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const legacy = (secret: string) => ({
  iss: 'kubernetes/serviceaccount',
  aud: undefined,
  exp: undefined,
  'kubernetes.io/serviceaccount/namespace': 'default',
  'kubernetes.io/serviceaccount/secret.name': secret,
  'kubernetes.io/serviceaccount/service-account.name': 'victim',
  'kubernetes.io/serviceaccount/service-account.uid': (own().serviceaccount as { readonly uid: string }).uid,
});

async function answerTo(token: string): Promise<readonly [number, object]> {
  const headers = { Authorization: `Bearer ${token}` };
  const { code, body } = await server.send({ path: '/api/v1/namespaces/default/configmaps', as: 'nobody', headers });
  return [code, JSON.parse(body.toString()) as object];
}

const unauthorized = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'Unauthorized',
  reason: 'Unauthorized',
  code: 401,
};

it('whoever has the key of the server can make tokens that are good', async () => {
  for (const token of [issued.token, await signed({}), await signed({ jti: randomUUID() }), await bound({})])
    expect(await answerTo(token)).toMatchObject([
      403,
      { message: expect.stringContaining('User "system:serviceaccount:default:victim" cannot list resource "configmaps"') },
    ]);
});

describe('a token', () => {
  it.each<[string, () => string | Promise<string>]>([
    // Forged.
    ['that is not signed', () => new UnsecuredJWT(issued.claims).encode()],
    ['that is not signed, and names a key', () => `${part({ ...issued.header, alg: 'none' })}.${payloadOf(issued.token)}.`],
    ['that is not signed, in other letters', () => `${part({ ...issued.header, alg: 'NoNe' })}.${payloadOf(issued.token)}.`],
    ['without the signature that it had', () => issued.token.slice(0, issued.token.lastIndexOf('.') + 1)],
    [
      'with a signature of zeros',
      () => `${part({ ...issued.header, alg: 'ES256' })}.${payloadOf(issued.token)}.${Buffer.alloc(64).toString('base64url')}`,
    ],
    ['that keeps the signature of another one', () => swapped({}, { sub: 'system:serviceaccount:kube-system:admin' })],
    ['for longer than it was issued', () => swapped({}, { exp: 4_102_444_800 })],
    ['that says it was signed otherwise', () => swapped({ alg: 'RS512' }, {})],
    ['signed with the public key', confused],
    ['signed with a strange key', () => signed({}, { key: strangeKey(), header: { alg: 'RS256' } })],
    ['signed with a strange key that has a strange name', () => signed({}, { key: strangeKey(), header: { alg: 'RS256', kid: 'mine' } })],
    ['that brings its own key', bringingKey],
    // Signed by the server's key, and not good, or not any more.
    ['that has expired', () => signed({ exp: nowSeconds - 3600, iat: nowSeconds - 7200, nbf: nowSeconds - 7200 })],
    ['that has expired a moment before clocks could explain it', () => signed({ exp: nowSeconds - 61 })],
    ['that is not valid yet', () => signed({ nbf: nowSeconds + 3600 })],
    ['that was issued in the future', () => signed({ iat: nowSeconds + 3600 })],
    ['of another issuer', () => signed({ iss: 'https://attacker.example' })],
    ['of no issuer', () => signed({ iss: undefined })],
    ['of an issuer that is almost the right one', () => signed({ iss: `${issuer}/` })],
    ['for another audience', () => signed({ aud: ['https://elsewhere.example'] })],
    ['for another audience, as the server has issued it', () => tokenFor('https://elsewhere.example')],
    ['of another account of the same name', () => bound({ serviceaccount: { name: 'victim', uid: randomUUID() } })],
    ['of an account that is not there', () => bound({ serviceaccount: { name: 'nobody', uid: randomUUID() } })],
    ['of no account', () => bound({ serviceaccount: undefined })],
    ['that says nothing of an account', () => signed({ 'kubernetes.io': undefined })],
    ['of an account in another namespace', () => bound({ namespace: 'kube-system' })],
    ['bound to a pod that is not there', () => bound({ pod: { name: 'gone', uid: randomUUID() } })],
    ['bound to a secret that is not there', () => bound({ secret: { name: 'gone', uid: randomUUID() } })],
    ['bound to a node that is not there', () => bound({ node: { name: 'gone', uid: randomUUID() } })],
    ['of a secret that is not there', () => signed(legacy('gone'))],
    ['of no secret', () => signed(legacy(''))],
    ['whose claims are of wrong types', () => signed({ exp: '2999' as never })],
    ['whose audiences are of a wrong type', () => signed({ aud: { a: 1 } as never })],
    // No tokens at all.
    ['of two parts', () => issued.token.slice(0, issued.token.lastIndexOf('.'))],
    ['of four parts', () => `${issued.token}.${signatureOf(issued.token)}`],
    ['whose claims are no JSON', () => `${part(issued.header)}.${Buffer.from('{').toString('base64url')}.AAAA`],
    ['whose claims are a list', () => `${part(issued.header)}.${part([issued.claims])}.${signatureOf(issued.token)}`],
    ['that is long', () => `${'a'.repeat(8_000)}.${'b'.repeat(8_000)}.c`],
  ])('%s is refused while others are served', async (_, forge) => {
    const forged = await forge();
    await server.meanwhile(async () => {
      for (let i = 0; i < 5; i++) expect(await answerTo(forged)).toEqual([401, unauthorized]);
    });
  });
});

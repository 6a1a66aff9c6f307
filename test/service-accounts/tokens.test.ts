import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompactSign, createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpsGet } from '../support/https-get.js';
import { Kubectl, kubectlPrograms } from '../support/kubectl.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';

const [program] = kubectlPrograms();
const issuer = 'https://kubernetes.default.svc';
const user = 'system:serviceaccount:default:lister';
const groups = ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'];

interface TokenReview {
  readonly status: {
    readonly authenticated?: boolean;
    readonly user?: object;
    readonly audiences?: readonly string[];
    readonly error?: string;
  };
}

describe.runIf(program !== undefined)('tokens of service accounts', () => {
  let server: RunningKeelson;
  let kubectl: Kubectl;
  let token: string;

  beforeAll(async () => {
    server = await startApiServer({ backend: 'embedded', flags: { 'service-account-jwks-uri': 'https://keys.example/set' } });
    if (program !== undefined) kubectl = new Kubectl(program, server);
    await kubectl.ok(['create', 'serviceaccount', 'lister']);
    await kubectl.ok(['create', 'clusterrole', 'pod-lister', '--verb=list', '--resource=pods']);
    await kubectl.ok(['create', 'clusterrolebinding', 'listers', '--clusterrole=pod-lister', '--serviceaccount=default:lister']);
    await kubectl.ok(['run', 'web', '--image=nginx', '--namespace=default']);
    token = await createToken('lister');
  });
  afterAll(() => server?.stop());

  const createToken = async (...args: string[]) => (await kubectl.ok(['create', 'token', ...args])).trim();
  const answerTo = (path: string, credential: string) => httpsGet(`${server.url}${path}`, server.ca, credential);

  async function review(reviewed: string, audiences: readonly string[] = []): Promise<TokenReview['status']> {
    const input = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: reviewed, audiences } };
    return (await kubectl.json<TokenReview>(['create', '--filename=-'], { input })).status;
  }

  it('let their holder do what the account may, and no more', async () => {
    expect(await kubectl.ok(['get', 'pods', '--all-namespaces', '--output=name', '--token', token])).toBe('pod/web\n');
    expect(await kubectl.run(['describe', 'pod', 'web', '--token', token])).toEqual({
      code: 1,
      stdout: '',
      stderr: `Error from server (Forbidden): pods "web" is forbidden: User "${user}" cannot get resource "pods" in API group "" in the namespace "default"\n`,
    });
  });

  it('tell their holder who it is', async () => {
    const { uid } = (await kubectl.json<{ metadata: { uid: string } }>(['get', 'serviceaccount', 'lister'])).metadata;
    const identity = await kubectl.json<{ status: object }>(['auth', 'whoami', '--token', token]);
    const extra = { 'authentication.kubernetes.io/credential-id': [`JTI=${decodeJwt(token).jti}`] };
    expect(identity.status).toEqual({ userInfo: { username: user, uid, groups, extra } });
  });

  it('are issued as kubectl asks for them', async () => {
    const { uid } = (await kubectl.json<{ metadata: { uid: string } }>(['get', 'pod', 'web'])).metadata;
    await kubectl.ok(['create', 'secret', 'generic', 'holder']);
    const bound = await createToken(
      'lister',
      '--audience=vault',
      '--duration=2h',
      '--bound-object-kind=Secret',
      '--bound-object-name=holder',
    );
    const { aud, exp = 0, iat = 0, 'kubernetes.io': own } = decodeJwt(bound);
    expect([aud, exp - iat, own]).toMatchObject([['vault'], 7200, { namespace: 'default', secret: { name: 'holder' } }]);
    const wrong = ['create', 'token', 'lister', '--bound-object-kind=Pod', '--bound-object-name=web', `--bound-object-uid=${uid}`];
    expect((await kubectl.run(wrong)).stderr).toContain('cannot bind token for serviceaccount "lister" to pod running with different');
    expect((await kubectl.run(['create', 'token', 'nobody'])).stderr).toContain('serviceaccounts "nobody" not found');
  });

  it('are reviewed for the audiences that somebody wants', async () => {
    const both = await createToken('lister', '--audience=vault', '--audience=shop');
    expect(await review(both, ['vault', 'bank'])).toMatchObject({
      authenticated: true,
      user: { username: user, groups },
      audiences: ['vault'],
    });
    expect(await review(both)).toEqual({
      user: {},
      error: `[invalid bearer token, token audiences ["vault" "shop"] is invalid for the target audiences ["${issuer}"]]`,
    });
    expect(await review(token)).toMatchObject({ authenticated: true, audiences: [issuer] });
  });

  it('die with what they are bound to, and with their account', async () => {
    await kubectl.ok(['create', 'serviceaccount', 'leaver']);
    await kubectl.ok(['create', 'secret', 'generic', 'short-lived']);
    const bound = await createToken('leaver', '--bound-object-kind=Secret', '--bound-object-name=short-lived');
    const free = await createToken('leaver');
    await kubectl.ok(['delete', 'secret', 'short-lived']);
    expect(await review(bound)).toEqual({ user: {}, error: '[invalid bearer token, service account token has been invalidated]' });
    await kubectl.ok(['delete', 'serviceaccount', 'leaver']);
    expect(await review(free)).toEqual({ user: {}, error: '[invalid bearer token, serviceaccounts "leaver" not found]' });
    await kubectl.ok(['create', 'serviceaccount', 'leaver']);
    expect((await review(free)).error).toMatch(/^\[invalid bearer token, service account UID \(.+\) does not match claim \(.+\)\]$/);
  });

  describe('that somebody has forged', () => {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const pki = (file: string) => readFileSync(join(server.dir, 'pki', file), 'utf8');
    const claims = (more: object = {}) => ({ ...decodeJwt(token), ...more });
    const encoder = new TextEncoder();

    /** Signed by the server's own key, as only the server can: what is in it must not be believed all the same. */
    function signed(more: object, header: object = {}): Promise<string> {
      const payload = encoder.encode(JSON.stringify(claims(more)));
      return new CompactSign(payload).setProtectedHeader({ alg: 'RS256', ...header }).sign(createPrivateKey(pki('sa.key')));
    }

    const stranger = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const [headOf, signatureOf] = [() => token.split('.')[0], () => token.split('.')[2]];
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

    it.each<[string, () => Promise<string> | string]>([
      ['with no signature', () => new UnsecuredJWT(claims()).encode()],
      ['with the signature left out', () => `${token.slice(0, token.lastIndexOf('.'))}.`],
      [
        'with the public key for a shared secret',
        () => new SignJWT(claims()).setProtectedHeader({ alg: 'HS256' }).sign(encoder.encode(pki('sa.pub'))),
      ],
      [
        'with the bytes of the public key for a shared secret',
        () =>
          new SignJWT(claims())
            .setProtectedHeader({ alg: 'HS256' })
            .sign(createPublicKey(pki('sa.pub')).export({ format: 'der', type: 'spki' })),
      ],
      ['with another key', () => new SignJWT(claims()).setProtectedHeader({ alg: 'RS256' }).sign(stranger())],
      ['with a key of its own in the header', () => new SignJWT(claims()).setProtectedHeader({ alg: 'RS256', jwk: {} }).sign(stranger())],
      [
        'with other claims',
        () => [headOf(), encoded(claims({ sub: 'system:serviceaccount:kube-system:default' })), signatureOf()].join('.'),
      ],
      ['with another header', () => [encoded({ alg: 'none' }), token.split('.')[1], signatureOf()].join('.')],
      ['for somebody else', () => signed({ aud: ['vault'] })],
      ['by another issuer', () => signed({ iss: 'https://elsewhere.example' })],
      ['by no issuer', () => signed({ iss: undefined })],
      ['for a time that is over', () => signed({ exp: nowSeconds - 61 })],
      ['for a time to come', () => signed({ nbf: nowSeconds + 120 })],
      ['in time to come', () => signed({ iat: nowSeconds + 120 })],
      [
        'for another account of that name',
        () => signed({ 'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'lister', uid: 'x' } } }),
      ],
      ['for no account', () => signed({ 'kubernetes.io': undefined })],
      ['with a demand that nobody knows', () => signed({}, { crit: ['unknown'], unknown: true }).catch(() => 'a.b.c')],
      ['as one of a secret', () => signed({ iss: 'kubernetes/serviceaccount' })],
    ])('%s are refused', async (_, forge) => {
      expect((await answerTo('/api/v1/pods', await forge()))?.code).toBe(401);
    });

    it('are no different from this one but for that', async () => {
      expect((await answerTo('/api/v1/pods', await signed({})))?.code).toBe(200);
    });
  });

  it('can be verified by others, who find the keys where they are told to', async () => {
    const configuration = await answerTo('/.well-known/openid-configuration', token);
    expect(JSON.parse(configuration?.text ?? '')).toEqual({
      issuer,
      jwks_uri: 'https://keys.example/set',
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    });
    const keys = JSON.parse((await answerTo('/openid/v1/jwks', token))?.text ?? '') as JSONWebKeySet;
    const vault = await createToken('lister', '--audience=vault');
    const { payload } = await jwtVerify(vault, createLocalJWKSet(keys), { issuer, audience: 'vault' });
    expect(payload.sub).toBe(user);
    expect((await answerTo('/openid/v1/jwks', server.aliceToken))?.code).toBe(403);
  });
});

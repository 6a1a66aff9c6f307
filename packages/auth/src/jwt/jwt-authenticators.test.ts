import type { AuthenticationResult, UserInfo } from '@keelson/machinery';
import { decodeProtectedHeader, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OidcIssuer } from '../testing/oidc-issuer.js';
import type { JwtAuthenticatorConfiguration } from './authentication-configuration.js';
import { JwtAuthenticator } from './jwt-authenticator.js';
import { JwtAuthenticators } from './jwt-authenticators.js';

const log = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), enabled: () => false };
const minute = 60_000;
const strangersKey = generateKeyPair('RS256');

let issuer: OidcIssuer;
let authenticator: JwtAuthenticator;
let chain: JwtAuthenticators;

beforeEach(async () => {
  issuer = await OidcIssuer.start();
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  authenticator.close();
  await issuer.stop();
});

/** Ready when it returns, unless the issuer does not answer. */
async function configure(more: Partial<JwtAuthenticatorConfiguration> = {}, algorithms = ['RS256', 'ES256']): Promise<void> {
  const configuration = {
    issuer: { url: issuer.url, audiences: ['kubernetes'], certificateAuthority: issuer.authority.cert, ...more.issuer },
    claimMappings: { username: { claim: 'sub', prefix: '' }, ...more.claimMappings },
    ...(more.claimValidationRules && { claimValidationRules: more.claimValidationRules }),
  };
  authenticator = new JwtAuthenticator(configuration, { algorithms, log });
  chain = new JwtAuthenticators();
  chain.use([authenticator]);
  await expect.poll(() => issuer.asked['/.well-known/openid-configuration'] ?? 0).toBeGreaterThan(0);
  if (authenticator.problem) await vi.waitFor(() => expect(authenticator.problem).toBeUndefined());
}

const ask = async (token: string): Promise<AuthenticationResult | undefined> => chain.authenticateToken(token);
const user = async (claims: JWTPayload = {}): Promise<UserInfo | undefined> => (await ask(await issuer.token(claims)))?.user;

async function failure(token: string): Promise<string> {
  return ask(token).then(
    () => 'none',
    (error: Error) => error.message,
  );
}

function later(ms: number): void {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ms);
}

const soon = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
const goTime = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`;

describe('tokens of an issuer', () => {
  it('name the user', async () => {
    await configure();
    expect(await user()).toEqual({ name: 'alice', groups: [] });
    expect(await user({ jti: 'id-1' })).toEqual({
      name: 'alice',
      groups: [],
      extra: { 'authentication.kubernetes.io/credential-id': ['JTI=id-1'] },
    });
  });

  it('may be signed with any algorithm that is allowed', async () => {
    await configure();
    await issuer.rotate('ec', { alg: 'ES256' });
    expect(await user()).toEqual({ name: 'alice', groups: [] });
  });

  it('need not say which key signed them', async () => {
    await configure();
    await issuer.rotate('key-2', { keep: true });
    const nameless = await issuer.token({}, { named: false });
    expect(decodeProtectedHeader(nameless)).toEqual({ alg: 'RS256' });
    expect((await ask(nameless))?.user.name).toBe('alice');
  });

  it.each<[string, () => JWTPayload, () => string]>([
    ['for others', () => ({ aud: 'vault' }), () => 'oidc: verify token: oidc: expected audience "kubernetes" got ["vault"]'],
    ['for nobody', () => ({ aud: [] }), () => 'oidc: verify token: oidc: expected audience "kubernetes" got []'],
    ['that are over', () => ({ exp: soon(-1) }), () => `oidc: verify token: oidc: token is expired (Token Expiry: ${goTime(soon(-1))})`],
    [
      'that never end',
      () => ({ exp: undefined as unknown as number }),
      () => 'oidc: verify token: oidc: token is expired (Token Expiry: 0001-01-01 00:00:00 +0000 UTC)',
    ],
    [
      'that have not begun',
      () => ({ nbf: soon(600) }),
      () => `oidc: verify token: oidc: current time ${goTime(soon(0))} before the nbf (not before) time: ${goTime(soon(600))}`,
    ],
    [
      'whose user is no text',
      () => ({ sub: 7 as unknown as string }),
      () => 'oidc: parse username claims "sub": json: cannot unmarshal number into Go value of type string',
    ],
    ['without a user', () => ({ sub: undefined as unknown as string }), () => 'oidc: parse username claims "sub": claim not present'],
  ])('%s are refused', async (_, claims, message) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - (Date.now() % 1000) });
    await configure();
    expect(await failure(await issuer.token(claims()))).toBe(message());
  });

  it('may have begun a minute later than it is here', async () => {
    await configure();
    expect(await user({ nbf: soon(50) })).toEqual({ name: 'alice', groups: [] });
  });

  it('are refused when forged', async () => {
    await configure();
    const { privateKey } = await strangersKey;
    const claims = { iss: issuer.url, aud: 'kubernetes', sub: 'alice', exp: soon(60) };
    const forged = (kid?: string) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', ...(kid && { kid }) }).sign(privateKey);
    const badSignature = 'oidc: verify token: failed to verify signature: failed to verify id token signature';
    expect(await failure(await forged('key-1'))).toBe(badSignature);
    expect(await failure(await forged())).toBe(badSignature);
    const [header = '', payload = '', signature = ''] = (await issuer.token()).split('.');
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'root' })).toString('base64url');
    expect(await failure(`${header}.${changed}.${signature}`)).toBe(badSignature);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsupported = (alg: string) =>
      `oidc: verify token: oidc: id token signed with unsupported algorithm, expected ["RS256" "ES256"] got "${alg}"`;
    expect(await failure(`${part({ alg: 'none' })}.${payload}.`)).toBe(unsupported('none'));
    expect(await failure(`${part({ alg: 'none' })}.${payload}.${signature}`)).toBe(unsupported('none'));
    expect(await failure(`${part({ alg: 'HS256', kid: 'key-1' })}.${payload}.${signature}`)).toBe(unsupported('HS256'));
    expect(await failure(`${part({ alg: 'RS512', kid: 'key-1' })}.${payload}.${signature}`)).toBe(unsupported('RS512'));
  });

  it.each(['', 'x', 'a.b.c', `${Buffer.from('[]').toString('base64url')}.e30.e30`, 'e30.e30.e30.e30'])('%j is none', async (token) => {
    await configure();
    expect(chain.authenticateToken(token)).toBeUndefined();
  });
});

describe('audiences', () => {
  it('can be several', async () => {
    await configure({ issuer: { audiences: ['one', 'two'] } });
    expect(await user({ aud: ['x', 'two'] })).toEqual({ name: 'alice', groups: [] });
    expect(await failure(await issuer.token({ aud: ['x'] }))).toBe(
      'oidc: verify token: oidc: expected audience in ["one" "two"] got ["x"]',
    );
  });
});

describe('claims', () => {
  const username = { claim: 'email', prefix: 'oidc:' };

  it('are mapped with their prefixes', async () => {
    await configure({ claimMappings: { username, groups: { claim: 'roles', prefix: 'g:' }, uid: { claim: 'id' } } });
    const claims = { email: 'a@b.c', email_verified: true, id: 'u-1' };
    const alice = { name: 'oidc:a@b.c', uid: 'u-1' };
    expect(await user({ ...claims, roles: ['x', 'y'] })).toEqual({ ...alice, groups: ['g:x', 'g:y'] });
    expect(await user({ ...claims, roles: 'z' })).toEqual({ ...alice, groups: ['g:z'] });
    expect(await user(claims)).toEqual({ ...alice, groups: [] });
    expect(await failure(await issuer.token({ ...claims, roles: [1] }))).toBe(
      'oidc: parse groups claim "roles": json: cannot unmarshal array into Go value of type string',
    );
    expect(await failure(await issuer.token({ email: 'a@b.c' }))).toBe('oidc: parse uid claim "id": claim not present');
  });

  it('tell of an address only when it is verified, or nothing is said of that', async () => {
    await configure({ claimMappings: { username } });
    expect(await user({ email: 'a@b.c' })).toEqual({ name: 'oidc:a@b.c', groups: [] });
    expect(await failure(await issuer.token({ email: 'a@b.c', email_verified: false }))).toBe('oidc: email not verified');
    expect(await failure(await issuer.token({ email: 'a@b.c', email_verified: 'true' }))).toBe(
      "oidc: parse 'email_verified' claim: json: cannot unmarshal string into Go value of type bool",
    );
  });

  it('may be required', async () => {
    await configure({ claimValidationRules: [{ claim: 'hd', requiredValue: 'example.com' }] });
    expect(await user({ hd: 'example.com' })).toEqual({ name: 'alice', groups: [] });
    expect(await failure(await issuer.token({ hd: 'other' }))).toBe(
      'oidc: required claim hd value does not match. Got = other, want = example.com',
    );
    expect(await failure(await issuer.token())).toBe('oidc: required claim hd not present in ID token');
  });
});

describe('keys', () => {
  it('are fetched once for many tokens, and again for a new key', async () => {
    await configure();
    for (const _ of [1, 2, 3]) await user();
    expect(issuer.asked['/keys']).toBe(1);
    await issuer.rotate('key-2');
    later(5_000);
    expect(await user()).toEqual({ name: 'alice', groups: [] });
    expect(issuer.asked['/keys']).toBe(2);
  });

  it('are not fetched for each token with an unknown key', async () => {
    await configure();
    await user();
    const { privateKey } = await strangersKey;
    for (let at = 0; at < 10; at++) {
      const claims = { iss: issuer.url, aud: 'kubernetes', sub: 'alice', exp: soon(60) };
      await failure(await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: `unknown-${at}` }).sign(privateKey));
    }
    expect(issuer.asked['/keys']).toBe(1);
  });

  it('that are taken back are forgotten in a while', async () => {
    await configure();
    const token = await issuer.token();
    expect((await ask(token))?.user.name).toBe('alice');
    await issuer.rotate('key-2');
    later(10 * minute);
    expect((await ask(token))?.user.name).toBe('alice');
    await expect.poll(() => failure(token)).toBe('oidc: verify token: failed to verify signature: failed to verify id token signature');
  });

  it('may be where nothing is', async () => {
    await configure();
    issuer.pages.set('/keys', { code: 503, text: 'busy' });
    const message = 'oidc: verify token: failed to verify signature: fetching keys oidc: get keys failed: 503: busy';
    for (const _ of [1, 2]) expect(await failure(await issuer.token())).toBe(message);
    expect(issuer.asked['/keys']).toBe(1);
    issuer.pages.clear();
    later(5_000);
    expect(await user()).toEqual({ name: 'alice', groups: [] });
  });

  it('of other kinds and broken ones are passed over', async () => {
    await configure();
    const others = [{ kty: 'oct', k: 'AAAA', kid: 'key-1' }, { kty: 'RSA', kid: 'key-1' }, null, 'x'];
    issuer.pages.set('/keys', { keys: [...others, ...issuer.keys] });
    expect(await user()).toEqual({ name: 'alice', groups: [] });
  });
});

describe('the configuration of an issuer', () => {
  it('may come later', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    issuer.pages.set('/.well-known/openid-configuration', { code: 502, text: 'not yet' });
    const configured = configure();
    configured.catch(() => undefined);
    await vi.waitUntil(() => /502/.test(authenticator?.problem?.message ?? ''));
    expect(authenticator.problem?.message).toBe(`oidc: authenticator for issuer "${issuer.url}" is not healthy: 502: not yet`);
    expect(await failure(await issuer.token())).toBe('oidc: authenticator not initialized');
    issuer.pages.clear();
    await vi.advanceTimersByTimeAsync(10_000);
    await vi.waitUntil(() => authenticator.problem === undefined);
    expect(await user()).toEqual({ name: 'alice', groups: [] });
  });

  it('may be elsewhere, behind a redirect, and must be of the same issuer', async () => {
    const page = { issuer: 'https://issuer.example.com', jwks_uri: `${issuer.url}/keys` };
    issuer.pages.set('/moved', { code: 302, headers: { location: '/config' } });
    issuer.pages.set('/config', page);
    const url = 'https://issuer.example.com';
    const at = { url, discoveryURL: `${issuer.url}/moved`, audiences: ['kubernetes'], certificateAuthority: issuer.authority.cert };
    authenticator = new JwtAuthenticator(
      { issuer: at, claimMappings: { username: { claim: 'sub', prefix: '' } } },
      { algorithms: ['RS256'], log },
    );
    chain = new JwtAuthenticators();
    chain.use([authenticator]);
    await expect.poll(() => authenticator.problem).toBeUndefined();
    expect(await user({ iss: url })).toEqual({ name: 'alice', groups: [] });
    expect(await user({ iss: issuer.url })).toBeUndefined();
  });

  it.each([
    [
      { issuer: 'https://other', jwks_uri: 'https://other/keys' },
      'issuer did not match the issuer returned by provider, expected "URL" got "https://other"',
    ],
    [{ code: 200, text: '<html>' }, 'failed to decode provider discovery object: '],
  ])('%j is of no use', async (page, message) => {
    issuer.pages.set('/.well-known/openid-configuration', page);
    const at = { url: issuer.url, audiences: ['kubernetes'], certificateAuthority: issuer.authority.cert };
    authenticator = new JwtAuthenticator({ issuer: at }, { algorithms: ['RS256'], log });
    await expect.poll(() => authenticator.problem?.message).toContain(message.replace('URL', issuer.url));
  });

  it('is not taken from a server of another authority', async () => {
    authenticator = new JwtAuthenticator({ issuer: { url: issuer.url, audiences: ['kubernetes'] } }, { algorithms: ['RS256'], log });
    await expect.poll(() => authenticator.problem?.message).toContain('x509: certificate signed by unknown authority');
  });
});

describe('distributed groups', () => {
  const elsewhere = () => ({
    _claim_names: { groups: 'src' },
    _claim_sources: { src: { endpoint: `${issuer.url}/groups`, access_token: 't' } },
  });

  beforeEach(() => configure({ claimMappings: { username: { claim: 'sub', prefix: '' }, groups: { claim: 'groups', prefix: '' } } }));

  it('are fetched as a token of their own', async () => {
    issuer.pages.set('/groups', { code: 200, text: await issuer.token({ groups: ['a', 'b'] }) });
    expect(await user(elsewhere())).toEqual({ name: 'alice', groups: ['a', 'b'] });
    expect(await user({ ...elsewhere(), groups: ['own'] })).toEqual({ name: 'alice', groups: ['own'] });
  });

  it('must be good as well', async () => {
    const fail = async () => (await failure(await issuer.token(elsewhere()))).replaceAll(issuer.url, 'URL');
    const head = 'oidc: could not expand distributed claims: ';
    expect(await fail()).toBe(`${head}while getting distributed claim "groups": error while getting distributed claim JWT: 404`);
    issuer.pages.set('/groups', { code: 200, text: 'x' });
    expect(await fail()).toBe(`${head}getting untrusted issuer from endpoint URL/groups failed for claim "groups": malformed token`);
    issuer.pages.set('/groups', { code: 200, text: await issuer.token({ aud: 'vault', groups: ['a'] }) });
    expect(await fail()).toBe(`${head}verify distributed claim token: oidc: expected audience "kubernetes" got ["vault"]`);
    issuer.pages.set('/groups', { code: 200, text: await issuer.token() });
    expect(await fail()).toBe(`${head}jwt returned by distributed claim endpoint "URL/groups" did not contain claim: groups`);
    expect(await failure(await issuer.token({ _claim_names: { groups: 'src' } }))).toBe('oidc: verify token: oidc: source does not exist');
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OidcIssuer } from '@keelson/auth/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FlagError } from '../../flags/flag-error.js';
import { kubectl } from '../testing/kubectl.js';
import { TestApiServer } from '../testing/test-api-server.js';

type Claims = Parameters<OidcIssuer['token']>[0];

let issuer: OidcIssuer;
let server: TestApiServer | undefined;

beforeAll(async () => {
  issuer = await OidcIssuer.start();
});
afterAll(() => issuer.stop());
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const whoIs = async (claims: Claims) => server?.whoAmI({ headers: { authorization: `Bearer ${await issuer.token(claims)}` } });
const authenticated = (username: string, ...groups: string[]) => ({ username, groups: [...groups, 'system:authenticated'] });

/** Waits for the issuer: the server does not. */
async function start(flags: readonly string[], files: Readonly<Record<string, string>>, claims: Claims): Promise<void> {
  server = await TestApiServer.start(flags, { 'oidc-ca.crt': issuer.authority.cert, ...files });
  await expect.poll(() => whoIs(claims)).not.toBe(401);
}

const oidcFlags = () => [`--oidc-issuer-url=${issuer.url}`, '--oidc-client-id=kubernetes', '--oidc-ca-file={dir}/oidc-ca.crt'];

describe('ID tokens of the issuer that flags name', () => {
  it('are of users prefixed with it', async () => {
    await start(oidcFlags(), {}, {});
    expect(await whoIs({ groups: ['devs'] })).toEqual(authenticated(`${issuer.url}#alice`));
    expect(await whoIs({ aud: 'vault' })).toBe(401);
    expect(await whoIs({ exp: 1 })).toBe(401);
    expect(await whoIs({ iss: 'https://other' })).toBe(401);
  });

  it('are mapped as flags say, and reviewed', async () => {
    const more = [
      '--oidc-username-claim=email',
      '--oidc-groups-claim=groups',
      '--oidc-groups-prefix=oidc:',
      '--oidc-required-claim=hd=a,b',
    ];
    const claims = { email: 'a@b.c', groups: ['devs'], hd: 'a,b' };
    await start([...oidcFlags(), ...more], {}, claims);
    expect(await whoIs(claims)).toEqual(authenticated('a@b.c', 'oidc:devs'));
    expect(await whoIs({ ...claims, email_verified: false })).toBe(401);
    expect(await whoIs({ ...claims, hd: 'a' })).toBe(401);
    const review = async (token: string) => {
      const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
      const headers = { authorization: 'Bearer admin' };
      return (await server?.ask('/apis/authentication.k8s.io/v1/tokenreviews', { headers, body }))?.body;
    };
    expect(await review(await issuer.token(claims))).toMatchObject({
      status: { authenticated: true, user: { username: 'a@b.c', groups: ['oidc:devs', 'system:authenticated'] } },
    });
    expect(await review(await issuer.token({ ...claims, email_verified: false }))).toMatchObject({
      status: { error: '[invalid bearer token, oidc: email not verified]' },
    });
  });

  it('are for kubectl', async () => {
    await start([...oidcFlags(), '--oidc-username-prefix=-'], {}, {});
    const asAlice = await kubectl(
      server as TestApiServer,
      `--token=${await issuer.token()}`,
      'auth',
      'whoami',
      '--output=jsonpath={.status.userInfo.username}',
    );
    expect(asAlice).toEqual({ code: 0, stdout: 'alice', stderr: '' });
  });

  it('need an issuer over HTTPS that is none of service account tokens', async () => {
    await expect(TestApiServer.start(['--oidc-issuer-url=http://i', '--oidc-client-id=c'])).rejects.toThrow(
      new FlagError('invalid authentication configuration: jwt[0].issuer.url: Invalid value: "http://i": URL scheme must be https'),
    );
  });

  it('are no reason not to start when the issuer is away', async () => {
    server = await TestApiServer.start(['--oidc-issuer-url=https://127.0.0.1:1', '--oidc-client-id=c']);
    expect(await server.whoAmI({ headers: { authorization: 'Bearer admin' } })).toMatchObject({ username: 'admin' });
  });
});

describe('--authentication-config', () => {
  const file = (configuration: object) => {
    const head = { apiVersion: 'apiserver.config.k8s.io/v1beta1', kind: 'AuthenticationConfiguration' };
    return { 'authentication.yaml': JSON.stringify({ ...head, ...configuration }) };
  };
  const jwt = (audiences: string[], prefix: string) => ({
    issuer: { url: issuer.url, audiences, audienceMatchPolicy: 'MatchAny', certificateAuthority: issuer.authority.cert },
    claimMappings: { username: { claim: 'sub', prefix } },
  });
  const flag = '--authentication-config={dir}/authentication.yaml';

  it('names issuers, and is followed', async () => {
    await start([flag], file({ jwt: [jwt(['one', 'two'], 'a:')] }), { aud: 'two' });
    expect(await whoIs({ aud: 'two', sub: 'bob' })).toEqual(authenticated('a:bob'));
    await writeFile(
      join((server as TestApiServer).dir, 'authentication.yaml'),
      file({ jwt: [jwt(['three'], 'b:')] })['authentication.yaml'],
    );
    await expect.poll(() => whoIs({ aud: 'three' }), { timeout: 15_000 }).toEqual(authenticated('b:alice'));
    const { body } = await (server as TestApiServer).ask('/metrics', { headers: { authorization: 'Bearer admin' } });
    expect(String(body)).toMatch(/^authentication_token_cache_request_total\{status="miss"\} \d+$/m);
    expect(String(body)).toMatch(/^authentication_token_cache_fetch_total\{status="ok"\} \d+$/m);
    expect(String(body)).toMatch(/^authentication_token_cache_active_fetch_count\{status="in_flight"\} 0$/m);
    expect(String(body)).toMatch(/^apiserver_authentication_config_controller_automatic_reloads_total\{status="success"\} 1$/m);
    expect(String(body)).toMatch(/^apiserver_authentication_config_controller_last_config_info\{hash="sha256:[0-9a-f]{64}"\} 1$/m);
    expect(String(body)).toMatch(
      /^apiserver_authentication_jwt_authenticator_latency_seconds_count\{result="success",jwt_issuer_hash="sha256:[0-9a-f]{64}"\} \d+$/m,
    );
  });

  it('may find users by expressions', async () => {
    const { issuer: at } = jwt(['kubernetes'], '');
    const claimMappings = {
      username: { expression: 'claims.email_verified ? claims.email : "unverified:" + claims.sub' },
      groups: { expression: 'claims.roles.split(",")' },
      extra: [{ key: 'example.com/tenant', valueExpression: 'claims.tenant' }],
    };
    const claimValidationRules = [{ expression: 'claims.exp - claims.iat <= 86400.0', message: 'lives too long' }];
    const userValidationRules = [{ expression: '!user.username.startsWith("system:")', message: 'reserved' }];
    const claims = { email: 'a@b.c', email_verified: true, roles: 'x,y', tenant: 't' };
    await start([flag], file({ jwt: [{ issuer: at, claimMappings, claimValidationRules, userValidationRules }] }), claims);
    const user = { ...authenticated('a@b.c', 'x', 'y'), extra: { 'example.com/tenant': ['t'] } };
    expect(await whoIs(claims)).toEqual(user);
    expect(await whoIs({ ...claims, email_verified: false })).toEqual({ ...user, username: 'unverified:alice' });
    expect(await whoIs({ ...claims, email: 'system:admin' })).toBe(401);
    expect(await whoIs({ ...claims, iat: 1 })).toBe(401);
  });

  it('says where nobody in particular may go', async () => {
    server = await TestApiServer.start(
      [flag],
      file({ anonymous: { enabled: true, conditions: [{ path: '/livez' }, { path: '/version' }] } }),
    );
    await expect.poll(async () => (await server?.ask('/livez'))?.code).toBe(200);
    const codes = await Promise.all(
      ['/livez', '/livez?verbose', '/version', '/readyz', '/healthz', '/api'].map((path) => server?.ask(path)),
    );
    expect(codes.map((told) => told?.code)).toEqual([200, 200, 200, 401, 401, 401]);
  });

  it('may let nobody in without credentials', async () => {
    server = await TestApiServer.start([flag], file({ anonymous: { enabled: false } }));
    expect((await server.ask('/livez')).code).toBe(401);
  });

  it('does not go with the flag of the same meaning', async () => {
    await expect(TestApiServer.start([flag, '--anonymous-auth=true'], file({ anonymous: { enabled: true } }))).rejects.toThrow(
      new FlagError(
        'anonymous: Forbidden: --anonymous-auth flag cannot be set when anonymous field is configured in authentication configuration file',
      ),
    );
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OidcIssuer } from '../testing/oidc-issuer.js';
import { AuthenticationConfigurationFile } from './authentication-configuration-file.js';

const log = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), enabled: () => false };
const onReload = vi.fn();
const onUse = vi.fn();

let dir: string;
let path: string;
let issuer: OidcIssuer;
let file: AuthenticationConfigurationFile | undefined;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'authentication-'));
  path = join(dir, 'config.yaml');
  issuer = await OidcIssuer.start();
});
afterEach(async () => {
  vi.useRealTimers();
  vi.clearAllMocks();
  file?.close();
  file = undefined;
  await issuer.stop();
  await rm(dir, { recursive: true });
});

const write = (configuration: object) =>
  writeFile(path, JSON.stringify({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AuthenticationConfiguration', ...configuration }));

const jwt = (audience: string, url = issuer.url) => ({
  issuer: { url, audiences: [audience], certificateAuthority: issuer.authority.cert },
  claimMappings: { username: { claim: 'sub', prefix: `${audience}:` } },
});

function open(): AuthenticationConfigurationFile {
  file = new AuthenticationConfigurationFile({
    file: path,
    algorithms: ['RS256'],
    disallowedIssuers: ['https://accounts'],
    selectsEgress: true,
    log,
    onReload,
    onUse,
  });
  return file;
}

/** The name of the user, or why there is none. */
async function nameIn(token: string): Promise<string | undefined> {
  const outcome = file?.tokens.authenticateToken(token);
  return outcome?.then(
    ({ user }) => user.name,
    (error: Error) => error.message,
  );
}

const problem = () => String(log.error.mock.calls.at(-1)?.[1].error.message);

describe('AuthenticationConfigurationFile', () => {
  it('needs a configuration to begin with', async () => {
    const failure = `failed to load authentication configuration from file ${JSON.stringify(path)}: `;
    expect(open).toThrow(`${failure}ENOENT`);
    await writeFile(path, '');
    expect(open).toThrow(new Error(`${failure}empty config data`));
    await write({ jwt: [jwt('a', 'https://accounts')] });
    expect(open).toThrow(
      new Error(
        'invalid authentication configuration: jwt[0].issuer.url: Invalid value: "https://accounts": URL must not overlap with disallowed issuers: [https://accounts]',
      ),
    );
  });

  it('takes new issuers when they are healthy', async () => {
    await write({ jwt: [] });
    open();
    const token = await issuer.token({ aud: ['a', 'b'] });
    expect(await nameIn(token)).toBeUndefined();
    for (const audience of ['a', 'b']) {
      await write({ jwt: [jwt(audience)] });
      await file?.reload();
      expect(await nameIn(token)).toBe(`${audience}:alice`);
    }
    await file?.reload();
    expect(onReload.mock.calls).toEqual([['success'], ['success']]);
    expect(new Set(onUse.mock.calls.flat()).size).toBe(3);
    expect(onUse.mock.calls[0]).toEqual([expect.stringMatching(/^sha256:[0-9a-f]{64}$/)]);
  });

  it('follows the file', async () => {
    await write({ jwt: [] });
    open().start();
    await write({ jwt: [jwt('a')] });
    await expect.poll(async () => nameIn(await issuer.token({ aud: 'a' })), { timeout: 10_000 }).toBe('a:alice');
  });

  it('keeps the old issuers when the new content is wrong, and says so once', async () => {
    await write({ jwt: [jwt('a')], anonymous: { enabled: true } });
    open();
    const token = await issuer.token({ aud: 'a' });
    await vi.waitFor(async () => expect(await nameIn(token)).toBe('a:alice'));
    await write({ jwt: [jwt('b')] });
    for (const _ of [1, 2]) await file?.reload();
    expect(problem()).toBe('invalid authentication configuration: anonymous: Forbidden: changed from initial configuration file');
    await writeFile(path, 'kind: x');
    await file?.reload();
    expect(problem()).toBe("Object 'apiVersion' is missing in 'kind: x'");
    expect(onReload.mock.calls).toEqual([['failure'], ['failure']]);
    expect(await nameIn(token)).toBe('a:alice');
    expect(file?.anonymous).toEqual({ enabled: true });
  });

  it('keeps the old issuers when a new one does not answer in a minute, and tries again', async () => {
    await write({ jwt: [jwt('a')] });
    open();
    const token = await issuer.token({ aud: ['a', 'b'] });
    await vi.waitFor(async () => expect(await nameIn(token)).toBe('a:alice'));
    issuer.pages.set('/.well-known/openid-configuration', { code: 503, text: 'busy' });
    await write({ jwt: [jwt('b')] });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const reloading = file?.reload();
    await vi.waitUntil(
      async () => {
        await vi.advanceTimersByTimeAsync(500);
        return onReload.mock.calls.length > 0;
      },
      { timeout: 30_000, interval: 1 },
    );
    await reloading;
    expect(problem()).toBe(`oidc: authenticator for issuer "${issuer.url}" is not healthy: 503: busy`);
    expect(await nameIn(token)).toBe('a:alice');
    vi.useRealTimers();
    issuer.pages.clear();
    await file?.reload();
    expect(await nameIn(token)).toBe('b:alice');
    expect(onReload.mock.calls).toEqual([['failure'], ['success']]);
  });
});

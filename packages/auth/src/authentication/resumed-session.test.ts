import { X509Certificate } from 'node:crypto';
import type { SecureVersion } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { askOn, CertificatePort, losesChains } from '../testing/certificate-port.js';
import { type Credential, issue } from '../testing/issue.js';
import { CertificateAuthorities } from './certificate-authorities.js';
import { CertificateVerifier } from './certificate-verifier.js';
import { ClientCertificateAuthenticator } from './client-certificate.js';

const dayMs = 86_400_000;
const isBob = expect.objectContaining({ user: expect.objectContaining({ name: 'bob' }) });
const isUnknown = { failure: expect.stringMatching(/failed: certificate signed by unknown authority$/) };

describe.each<SecureVersion>(['TLSv1.2', 'TLSv1.3'])('client certificates of resumed sessions, %s', (maxVersion) => {
  let root: Credential;
  let proxyRoot: Credential;
  let port: CertificatePort;
  let verifier: CertificateVerifier;
  let authenticator: ClientCertificateAuthenticator;

  beforeAll(async () => {
    root = await issue([{ CN: ['root'] }], undefined, 'ca', 1000);
    proxyRoot = await issue([{ CN: ['proxy root'] }], undefined, 'ca', 1000);
    port = await CertificatePort.listen([root, proxyRoot], (request) => authenticator.authenticate(request));
  });

  beforeEach(() => {
    verifier = new CertificateVerifier(authorities(root));
    authenticator = new ClientCertificateAuthenticator(verifier);
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  afterAll(() => port.close());

  const authorities = (...those: readonly Credential[]) => new CertificateAuthorities(those.map(({ cert }) => cert).join(''));
  const first = (credential: Credential) => port.askForSession(credential, { maxVersion });

  async function resume(credential: Credential, session: Buffer) {
    const socket = await port.dial(credential, { maxVersion, session });
    expect(socket.isSessionReused()).toBe(true);
    return socket;
  }

  async function askAgain(credential: Credential, session: Buffer): Promise<unknown> {
    const socket = await resume(credential, session);
    return askOn(socket).finally(() => socket.destroy());
  }

  async function bobOf(intermediateDays = 1000): Promise<Credential> {
    return issue([{ CN: ['bob'] }], await issue([{ CN: ['intermediate'] }], root, 'ca', intermediateDays), 'client', 500);
  }

  it.skipIf(losesChains)('may be vouched for by the intermediate of the first connection', async () => {
    const bob = await bobOf();
    const { answer, session } = await first(bob);
    expect([answer, await askAgain(bob, session), await askAgain(bob, session)]).toEqual([isBob, isBob, isBob]);
  });

  it.skipIf(losesChains)('stay good on open connections under more authorities, and are refused without theirs', async () => {
    const bob = await bobOf();
    const { session } = await first(bob);
    const [whole, resumed] = [await port.dial(bob, { maxVersion }), await resume(bob, session)];
    const both = async () => [await askOn(whole), await askOn(resumed)];
    expect(await both()).toEqual([isBob, isBob]);
    verifier.useAuthorities(authorities(proxyRoot, root));
    expect(await both()).toEqual([isBob, isBob]);
    verifier.useAuthorities(authorities(proxyRoot));
    expect(await both()).toEqual([isUnknown, isUnknown]);
    verifier.useAuthorities(authorities(root));
    expect(await both()).toEqual([isBob, isBob]);
    whole.destroy();
    resumed.destroy();
  });

  it('are refused when the authorities have changed since', async () => {
    const bob = await issue([{ CN: ['bob'] }], root);
    const { answer, session } = await first(bob);
    verifier.useAuthorities(authorities(proxyRoot));
    expect([answer, await askAgain(bob, session)]).toEqual([isBob, isUnknown]);
  });

  it.skipIf(losesChains)('are refused when the authorities have changed since, with an intermediate too', async () => {
    const bob = await bobOf();
    const { answer, session } = await first(bob);
    verifier.useAuthorities(authorities(proxyRoot));
    expect([answer, await askAgain(bob, session)]).toEqual([isBob, isUnknown]);
    // What vouched for it under other authorities is not known to these; listeners with new ones resume nothing.
    verifier.useAuthorities(authorities(root));
    expect(await askAgain(bob, session)).toEqual(isUnknown);
  });

  it.skipIf(losesChains)('end with the intermediate, on open connections too', async () => {
    const bob = await bobOf(3);
    const { answer, session } = await first(bob);
    const open = await resume(bob, session);
    expect([answer, await askOn(open)]).toEqual([isBob, isBob]);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 4 * dayMs });
    expect([await askOn(open), await askAgain(bob, session)]).toEqual([
      { failure: expect.stringMatching(/failed: certificate has expired$/) },
      isUnknown,
    ]);
    open.destroy();
  });

  it.skipIf(losesChains)('are verified once per connection', async () => {
    const bob = await bobOf();
    const { session } = await first(bob);
    const verify = vi.spyOn(X509Certificate.prototype, 'verify');
    const open = await resume(bob, session);
    const counts: number[] = [];
    for (let request = 0; request < 3; request++) {
      expect(await askOn(open)).toEqual(isBob);
      counts.push(verify.mock.calls.length);
    }
    expect(counts).toEqual([2, 2, 2]);
    open.destroy();
  });
});

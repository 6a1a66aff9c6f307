import { createHash } from 'node:crypto';
import { connect as connectHttp2 } from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askOn, CertificatePort, losesChains } from '../testing/certificate-port.js';
import { type Credential, issue } from '../testing/issue.js';
import { CertificateAuthorities } from './certificate-authorities.js';
import { CertificateVerifier } from './certificate-verifier.js';
import { ClientCertificateAuthenticator } from './client-certificate.js';

const dayMs = 86_400_000;

describe('client certificates', () => {
  let root: Credential;
  let proxyRoot: Credential;
  let port: CertificatePort;
  let verifier: CertificateVerifier;
  let calls: unknown[] = [];
  const remaining: number[] = [];

  beforeAll(async () => {
    root = await issue([{ CN: ['root'] }], undefined, 'ca');
    proxyRoot = await issue([{ CN: ['proxy root'] }], undefined, 'ca');
    verifier = new CertificateVerifier(new CertificateAuthorities(root.cert));
    const authenticator = new ClientCertificateAuthenticator(verifier, { onCertificate: (ms) => remaining.push(ms) });
    port = await CertificatePort.listen([root, proxyRoot], (request) => {
      const result = authenticator.authenticate(request);
      calls.push(result);
      return result;
    });
  });

  afterAll(() => port.close());

  const trust = (...authorities: readonly Credential[]) =>
    verifier.useAuthorities(new CertificateAuthorities(authorities.map(({ cert }) => cert).join('')));

  const ask = (credential?: Credential) => port.ask(credential);

  it('name the user and the groups', async () => {
    const alice = await issue([{ O: ['devs'] }, { O: ['ops, inc'] }, { CN: ['alice'] }], root);
    expect(await ask(alice)).toEqual({
      user: {
        name: 'alice',
        groups: ['devs', 'ops, inc'],
        extra: {
          'authentication.kubernetes.io/credential-id': [
            `X509SHA256=${createHash('sha256').update(Buffer.from(alice.certificate.rawData)).digest('hex')}`,
          ],
        },
      },
    });
  });

  it('tell how long they are still good', async () => {
    remaining.length = 0;
    await ask();
    await ask(await issue([{ CN: ['alice'] }], root, 'client', 7));
    await ask(await issue([{ CN: ['eve'] }], proxyRoot));
    expect(remaining.map((ms) => Math.round(ms / dayMs))).toEqual([7, 1]);
  });

  it('may carry a uid', async () => {
    const uid = '1.3.6.1.4.1.57683.2';
    expect(await ask(await issue([{ CN: ['alice'] }, { [uid]: ['u-1'] }], root))).toMatchObject({ user: { name: 'alice', uid: 'u-1' } });
  });

  it.skipIf(losesChains)('may be vouched for by an intermediate', async () => {
    const intermediate = await issue([{ CN: ['intermediate'] }], root, 'ca');
    expect(await ask(await issue([{ CN: ['bob'] }], intermediate))).toMatchObject({ user: { name: 'bob', groups: [] } });
  });

  it('may be vouched for by an intermediate that is an authority itself', async () => {
    const intermediate = await issue([{ CN: ['intermediate'] }], root, 'ca');
    trust(root, intermediate);
    try {
      expect(await ask(await issue([{ CN: ['bob'] }], intermediate))).toMatchObject({ user: { name: 'bob', groups: [] } });
    } finally {
      trust(root);
    }
  });

  it('are absent, or say nothing without a common name', async () => {
    expect(await ask()).toBeNull();
    expect(await ask(await issue([{ O: ['devs'] }], root))).toBeNull();
  });

  it.each([
    ['of an unknown authority', async () => issue([{ CN: ['eve'] }], await issue([{ CN: ['root'] }], undefined, 'ca')), /failed: /],
    ['of another purpose’s authority', () => issue([{ CN: ['eve'] }], proxyRoot), /failed: certificate signed by unknown authority$/],
    ['of servers', () => issue([{ CN: ['eve'] }], root, 'server'), /failed: /],
    ['that expired', () => issue([{ CN: ['eve'] }], root, 'client', -0.5), /failed: CERT_HAS_EXPIRED$/],
  ])('%s are refused', async (_, make, why) => {
    expect(await ask(await make())).toEqual({ failure: expect.stringMatching(why) });
  });

  it('are examined once per connection, over HTTP/2 too', async () => {
    const alice = await issue([{ CN: ['alice'] }], root);
    calls = [];
    const socket = await port.dial(alice, { ALPNProtocols: ['h2'] });
    const session = connectHttp2('https://127.0.0.1', { createConnection: () => socket });
    const get = async () => (await session.request({ ':path': '/' }).setEncoding('utf8').toArray()).join('');
    expect(JSON.parse(await get())).toMatchObject({ user: { name: 'alice' } });
    await get();
    session.destroy();
    expect(calls).toHaveLength(2);
    expect(calls[0]).toBe(calls[1]);
  });

  it('are examined again when the authorities change', async () => {
    const socket = await port.dial(await issue([{ CN: ['mallory'] }], proxyRoot));
    try {
      trust(root, proxyRoot);
      expect(await askOn(socket)).toMatchObject({ user: { name: 'mallory' } });
      trust(root);
      expect(await askOn(socket)).toEqual({ failure: expect.stringMatching(/failed: certificate signed by unknown authority$/) });
    } finally {
      trust(root);
      socket.destroy();
    }
  });
});

import 'reflect-metadata/lite';
import { createHash, webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as http1Request } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { AuthenticationRequest } from '@keelson/machinery';
import * as x509 from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientCertificateAuthenticator } from './client-certificate.js';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;
/** These lose the chain of a connection before anybody can read it: nodejs/node#65579. */
const losesChains = /^v(24\.21\.0|26\.8\.\d+)$/.test(process.version);
type Name = Record<string, string[]>[];

interface Credential {
  readonly name: Name;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly certificate: x509.X509Certificate;
  /** PEM: the certificate, then whatever vouches for it but the root. */
  readonly cert: string;
  readonly key: string;
}

async function issue(name: Name, issuer?: Credential, usage: 'ca' | 'client' | 'server' = 'client', days = 1): Promise<Credential> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: name,
    issuer: issuer?.name ?? name,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + days * dayMs),
    extensions: [
      new x509.BasicConstraintsExtension(usage === 'ca', undefined, true),
      ...(usage === 'ca' ? [] : [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[`${usage}Auth`]])]),
      ...(usage === 'server' ? [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])] : []),
    ],
  });
  const exported = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const intermediate = issuer !== undefined && issuer.certificate.subject !== issuer.certificate.issuer ? issuer.cert : '';
  return {
    name,
    keys,
    certificate,
    cert: `${certificate.toString('pem')}\n${intermediate}`,
    key: `-----BEGIN PRIVATE KEY-----\n${exported}\n-----END PRIVATE KEY-----\n`,
  };
}

/** A port that asks for client certificates of two authorities, and hands each request to `inspect`. */
async function listen(serving: Credential, authorities: readonly Credential[], inspect: (request: AuthenticationRequest) => unknown) {
  const answer = (request: AuthenticationRequest): string => {
    try {
      return JSON.stringify(inspect(request) ?? null);
    } catch (error) {
      return JSON.stringify({ failure: error instanceof Error ? error.message : String(error) });
    }
  };
  const http1 = createServer((request, response) => response.end(answer(request)));
  const http2 = createHttp2Server((request, response) => response.end(answer(request)));
  const tls = createTlsServer({
    cert: serving.cert,
    key: serving.key,
    ca: authorities.map(({ cert }) => cert),
    ALPNProtocols: ['h2', 'http/1.1'],
    requestCert: true,
    rejectUnauthorized: false,
  });
  tls.on('secureConnection', (socket) => (socket.alpnProtocol === 'h2' ? http2 : http1).emit('connection', socket));
  tls.listen(0, '127.0.0.1');
  await once(tls, 'listening');
  return tls;
}

describe('client certificates', () => {
  let root: Credential;
  let proxyRoot: Credential;
  let tls: Awaited<ReturnType<typeof listen>>;
  let authenticator: ClientCertificateAuthenticator;
  let calls: unknown[] = [];
  const remaining: number[] = [];

  beforeAll(async () => {
    root = await issue([{ CN: ['root'] }], undefined, 'ca');
    proxyRoot = await issue([{ CN: ['proxy root'] }], undefined, 'ca');
    const serving = await issue([{ CN: ['127.0.0.1'] }], root, 'server');
    authenticator = new ClientCertificateAuthenticator(root.cert, (ms) => remaining.push(ms));
    tls = await listen(serving, [root, proxyRoot], (request) => {
      const result = authenticator.authenticate(request);
      calls.push(result);
      return result;
    });
  });

  afterAll(() => {
    tls.close();
  });

  async function dial(credential: Credential | undefined, protocol: string): Promise<TLSSocket> {
    const { port } = tls.address() as AddressInfo;
    const socket = connectTls({
      port,
      host: '127.0.0.1',
      ca: root.cert,
      ALPNProtocols: [protocol],
      ...(credential && { cert: credential.cert, key: credential.key }),
    });
    await once(socket, 'secureConnect');
    return socket;
  }

  async function askHttp1(socket: TLSSocket): Promise<unknown> {
    const outgoing = http1Request({ createConnection: () => socket, headers: { connection: 'keep-alive' } }).end();
    const [response] = await once(outgoing, 'response');
    return JSON.parse((await response.toArray()).join(''));
  }

  async function ask(credential?: Credential): Promise<unknown> {
    const socket = await dial(credential, 'http/1.1');
    try {
      return await askHttp1(socket);
    } finally {
      socket.destroy();
    }
  }

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
    authenticator.useAuthorities(root.cert + intermediate.cert);
    try {
      expect(await ask(await issue([{ CN: ['bob'] }], intermediate))).toMatchObject({ user: { name: 'bob', groups: [] } });
    } finally {
      authenticator.useAuthorities(root.cert);
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
    const socket = await dial(alice, 'h2');
    const session = connectHttp2('https://127.0.0.1', { createConnection: () => socket });
    const get = async () => (await session.request({ ':path': '/' }).setEncoding('utf8').toArray()).join('');
    expect(JSON.parse(await get())).toMatchObject({ user: { name: 'alice' } });
    await get();
    session.destroy();
    expect(calls).toHaveLength(2);
    expect(calls[0]).toBe(calls[1]);
  });

  it('are examined again when the authorities change', async () => {
    const socket = await dial(await issue([{ CN: ['mallory'] }], proxyRoot), 'http/1.1');
    try {
      authenticator.useAuthorities(root.cert + proxyRoot.cert);
      expect(await askHttp1(socket)).toMatchObject({ user: { name: 'mallory' } });
    } finally {
      authenticator.useAuthorities(root.cert);
      socket.destroy();
    }
    expect(() => authenticator.useAuthorities('')).toThrow('the bundle contains no certificate');
  });
});

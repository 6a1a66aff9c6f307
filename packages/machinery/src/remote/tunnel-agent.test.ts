import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RemoteServer } from './remote-server.js';
import { certificate, key } from './testing/certificate.js';

interface Asked {
  readonly authority: string | undefined;
  readonly authorization: string | undefined;
}

let asked: Asked[];
let open: (Server & { closeAllConnections(): void })[];
let servers: RemoteServer[];
beforeEach(() => {
  [asked, open, servers] = [[], [], []];
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers) server.close();
  for (const server of open) {
    server.closeAllConnections();
    server.close();
  }
});

async function portOf(server: (typeof open)[number]): Promise<number> {
  open.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

/** Whoever asks for it is connected to `web`, wherever they say that is. */
async function proxyTo(web: number): Promise<number> {
  const proxy = createServer();
  proxy.on('connect', (req, socket) => {
    asked.push({ authority: req.url, authorization: req.headers['proxy-authorization'] });
    if (req.url?.startsWith('refused')) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const there = connect(web, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      there.pipe(socket).pipe(there);
    });
    socket.on('error', () => there.destroy());
    there.on('error', () => socket.destroy());
  });
  return portOf(proxy);
}

function remote(server: string): RemoteServer {
  const made = new RemoteServer({ server, insecureSkipTlsVerify: false, certificateAuthority: certificate, tlsServerName: 'web.shop.svc' });
  servers.push(made);
  return made;
}

describe('a proxy of the environment', () => {
  it('connects, once for requests that follow each other', async () => {
    const web = await portOf(createSecureServer({ cert: certificate, key }, (req, res) => res.end(req.headers.host)));
    vi.stubEnv('HTTPS_PROXY', `http://me:pass%20word@127.0.0.1:${await proxyTo(web)}`);
    const server = remote('https://web.shop.svc:8443');
    for (let i = 0; i < 2; i++) {
      expect((await server.send({ dial: { host: '192.0.2.1', port: 1 } })).body.toString()).toBe('web.shop.svc:8443');
    }
    const authorization = `Basic ${Buffer.from('me:pass word').toString('base64')}`;
    expect(asked).toEqual([{ authority: 'web.shop.svc:8443', authorization }]);
  });

  it('is not asked where it is said to be left out', async () => {
    const web = await portOf(createSecureServer({ cert: certificate, key }, (_, res) => res.end('direct')));
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:1');
    vi.stubEnv('NO_PROXY', '.svc');
    const answer = await remote('https://web.shop.svc').send({ dial: { host: '127.0.0.1', port: web } });
    expect(answer.body.toString()).toBe('direct');
  });

  it('tells why it does not connect', async () => {
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${await proxyTo(1)}`);
    await expect(remote('https://refused.example').send({})).rejects.toThrow('proxyconnect tcp: Forbidden');
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:1');
    await expect(remote('https://a.example').send({})).rejects.toThrow('proxyconnect tcp: connect ECONNREFUSED 127.0.0.1:1');
  });
});

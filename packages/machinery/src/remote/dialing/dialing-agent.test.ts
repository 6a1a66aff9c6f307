import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RemoteAccess } from '../remote-access.js';
import { RemoteServer } from '../remote-server.js';
import { certificate, key } from '../testing/certificate.js';
import { ConnectProxyServer } from '../testing/connect-proxy.js';
import { SocksProxyServer } from '../testing/socks-proxy.js';
import { directDialer } from './direct-dialer.js';

const ends: (() => void)[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const end of ends.splice(0).reverse()) end();
});

async function portOf(server: Server & { closeAllConnections(): void }): Promise<number> {
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

const secureWeb = (text: string) => portOf(createSecureServer({ cert: certificate, key }, (_, res) => res.end(text)));

/** Whoever asks for it is connected to `web`, wherever they say that is. */
async function proxyTo(web: number, tls = false) {
  const proxy = new ConnectProxyServer(
    (authority) => (authority.startsWith('refused') ? undefined : web),
    tls ? { cert: certificate, key } : undefined,
  );
  ends.push(() => proxy.stop());
  return { proxy, port: await proxy.start() };
}

function remote(server: string, more: Partial<RemoteAccess> = {}): RemoteServer {
  const trust = { insecureSkipTlsVerify: false, certificateAuthority: certificate, tlsServerName: 'web.shop.svc' };
  const made = new RemoteServer({ server, ...trust, ...more });
  ends.push(() => made.close());
  return made;
}

const textOf = async (server: RemoteServer, dial?: { host: string; port: number }) =>
  (await server.send(dial ? { dial } : {})).body.toString();

describe('a proxy of the environment', () => {
  it('connects, once for requests that follow each other', async () => {
    const { proxy, port } = await proxyTo(await secureWeb('hello'));
    vi.stubEnv('HTTPS_PROXY', `http://me:pass%20word@127.0.0.1:${port}`);
    const server = remote('https://web.shop.svc:8443');
    for (let i = 0; i < 2; i++) expect(await textOf(server, { host: '192.0.2.1', port: 1 })).toBe('hello');
    expect(proxy.asked.map(({ url, headers }) => [url, headers['proxy-authorization']])).toEqual([
      ['web.shop.svc:8443', `Basic ${Buffer.from('me:pass word').toString('base64')}`],
    ]);
  });

  it('is not asked where it is said to be left out', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:1');
    vi.stubEnv('NO_PROXY', '.svc');
    expect(await textOf(remote('https://web.shop.svc'), { host: '127.0.0.1', port: await secureWeb('direct') })).toBe('direct');
  });

  it('tells why it does not connect', async () => {
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${(await proxyTo(1)).port}`);
    await expect(remote('https://refused.example').send({})).rejects.toThrow('proxyconnect tcp: Forbidden');
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:1');
    await expect(remote('https://a.example').send({})).rejects.toThrow('proxyconnect tcp: connect ECONNREFUSED 127.0.0.1:1');
  });

  it('may be one of SOCKS, which finds out where hosts are', async () => {
    const web = await secureWeb('socks');
    const proxy = new SocksProxyServer(() => web);
    ends.push(() => proxy.stop());
    vi.stubEnv('HTTPS_PROXY', `socks5://me:pass%20word@127.0.0.1:${await proxy.start()}`);
    const server = remote('https://web.shop.svc:8443');
    for (let i = 0; i < 2; i++) expect(await textOf(server)).toBe('socks');
    expect([proxy.asked, proxy.credentials]).toEqual([['web.shop.svc:8443'], ['me:pass word']]);
  });
});

describe('a proxy of SOCKS', () => {
  it.each([
    [2, 'connection not allowed by ruleset'],
    [4, 'host unreachable'],
  ])('tells why it does not connect: reply %i', async (reply, words) => {
    const proxy = new SocksProxyServer(() => undefined, reply);
    ends.push(() => proxy.stop());
    const port = await proxy.start();
    const asked = remote('https://web.shop.svc', { proxy: new URL(`socks5h://127.0.0.1:${port}`) }).send({});
    await expect(asked).rejects.toThrow(
      `Get "https://web.shop.svc": socks connect tcp 127.0.0.1:${port}->web.shop.svc:443: unknown error ${words}`,
    );
  });

  it('may not be there', async () => {
    const asked = remote('https://web.shop.svc', { proxy: new URL('socks5://127.0.0.1:1') }).send({});
    await expect(asked).rejects.toThrow('socks connect tcp 127.0.0.1:1->web.shop.svc:443: connect ECONNREFUSED 127.0.0.1:1');
  });
});

describe('the way that a server is reached by', () => {
  /** Straight to a port of this machine, whatever is asked for. */
  const wayTo = (port: number) => {
    const asked: object[] = [];
    const dial: typeof directDialer.dial = (address, signal) => {
      asked.push(address);
      return directDialer.dial({ host: '127.0.0.1', port }, signal);
    };
    return { asked, dialer: { dial } };
  };

  it('is gone for what is secure and what is not', async () => {
    const secure = wayTo(await secureWeb('secure'));
    expect(await textOf(remote('https://web.shop.svc', { dialer: secure.dialer }))).toBe('secure');
    const plain = wayTo(await portOf(createServer((_, res) => res.end('plain'))));
    const server = remote('http://web.shop.svc', { dialer: plain.dialer });
    expect([await textOf(server), await textOf(server, { host: '10.0.0.1', port: 8080 })]).toEqual(['plain', 'plain']);
    expect([secure.asked, plain.asked]).toEqual([
      [{ host: 'web.shop.svc', port: 443 }],
      [
        { host: 'web.shop.svc', port: 80 },
        { host: '10.0.0.1', port: 8080 },
      ],
    ]);
  });

  it.each([false, true])('leads to the proxy where there is one, over TLS: %s', async (tls) => {
    const { proxy, port } = await proxyTo(await secureWeb('through both'), tls);
    const { asked, dialer } = wayTo(port);
    // Nobody but Node vouches for proxies.
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const server = remote('https://web.shop.svc', { dialer, proxy: new URL(`${tls ? 'https' : 'http'}://proxy.example:3128`) });
    expect(await textOf(server)).toBe('through both');
    expect([asked, proxy.authorities]).toEqual([[{ host: 'proxy.example', port: 3128 }], ['web.shop.svc:443']]);
  });

  it('leads to a proxy of SOCKS as well', async () => {
    const web = await secureWeb('through both');
    const proxy = new SocksProxyServer(() => web);
    ends.push(() => proxy.stop());
    const { asked, dialer } = wayTo(await proxy.start());
    expect(await textOf(remote('https://web.shop.svc', { dialer, proxy: new URL('socks5://proxy.example') }))).toBe('through both');
    expect([asked, proxy.asked]).toEqual([[{ host: 'proxy.example', port: 1080 }], ['web.shop.svc:443']]);
  });
});

import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import type { RemoteAccess } from './remote-access.js';
import type { RemoteRequestEnd } from './remote-observer.js';
import { RemoteServer } from './remote-server.js';
import { certificate, key } from './testing/certificate.js';

type Answer = (req: IncomingMessage, res: ServerResponse) => void;
type TestServer = ReturnType<typeof createServer> | ReturnType<typeof createSecureServer>;

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function listening(server: TestServer): Promise<number> {
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

function remote(access: Partial<RemoteAccess> & { readonly server: string }): RemoteServer {
  const made = new RemoteServer({ insecureSkipTlsVerify: false, ...access });
  ends.push(() => made.close());
  return made;
}

async function plain(answer: Answer): Promise<{ readonly port: number; readonly server: RemoteServer }> {
  const port = await listening(createServer(answer));
  return { port, server: remote({ server: `http://127.0.0.1:${port}/base/`, authorization: 'Bearer secret' }) };
}

describe('RemoteServer', () => {
  it('sends a body and gives what is answered, whatever its code', async () => {
    const { server } = await plain(async (req, res) => {
      const { authorization, host, 'content-type': type } = req.headers;
      res.writeHead(418, { 'X-Seen': 'yes' }).end(JSON.stringify([req.method, req.url, authorization, host, type, await text(req)]));
    });
    const answer = await server.send({ path: '/review?x=1', body: '{}', headers: { 'Content-Type': 'application/json' } });
    expect([answer.code, answer.headers['x-seen'], JSON.parse(answer.body.toString())]).toEqual([
      418,
      'yes',
      ['POST', '/base/review?x=1', 'Bearer secret', new URL(server.server).host, 'application/json', '{}'],
    ]);
  });

  it('follows redirects, with what was asked only where that is meant', async () => {
    const { port, server } = await plain(async (req, res) => {
      const code = Number(/\d+$/.exec(req.url ?? '')?.[0]);
      if (code) return void res.writeHead(code, { Location: '../there' }).end();
      const { authorization, referer } = req.headers;
      res.end(JSON.stringify([req.method, req.url, authorization, referer, await text(req)]));
    });
    const follow = async (code: number) =>
      JSON.parse((await server.send({ path: `/from/${code}`, body: 'asked' })).body.toString()) as unknown;
    const referer = (code: number) => `http://127.0.0.1:${port}/base/from/${code}`;
    for (const code of [301, 302, 303]) expect(await follow(code)).toEqual(['GET', '/base/there', 'Bearer secret', referer(code), '']);
    for (const code of [307, 308]) expect(await follow(code)).toEqual(['POST', '/base/there', 'Bearer secret', referer(code), 'asked']);
  });

  it('follows redirects to servers of another scheme, and does not tell plain ones where from', async () => {
    const { port } = await plain((req, res) => res.end(`${req.headers.host} ${req.headers.referer}`));
    const secure = createSecureServer({ key, cert: certificate }, (_, res) =>
      res.writeHead(302, { Location: `http://127.0.0.1:${port}/x` }).end(),
    );
    const server = remote({ server: `https://127.0.0.1:${await listening(secure)}`, insecureSkipTlsVerify: true });
    expect((await server.send({})).body.toString()).toBe(`127.0.0.1:${port} undefined`);
  });

  it('leaves redirects to whoever follows them himself', async () => {
    const { server } = await plain((_, res) => res.writeHead(302, { Location: '/elsewhere' }).end());
    const { code, headers } = await server.send({ followRedirects: false });
    expect([code, headers.location]).toEqual([302, '/elsewhere']);
  });

  it('takes a redirect for the answer that does not say where, and gives up where there is no end', async () => {
    const asked: string[] = [];
    const { port, server } = await plain((req, res) => {
      asked.push(req.url ?? '');
      const to: Record<string, string> = { '/base/around': '/base/around', '/base/ftp': 'ftp://x/', '/base/bad': 'http://[x' };
      const location = to[req.url ?? ''];
      res.writeHead(307, location === undefined ? {} : { Location: location }).end('stay');
    });
    const { code, body } = await server.send({ path: '/nowhere' });
    expect([code, body.toString()]).toEqual([307, 'stay']);
    asked.length = 0;
    await expect(server.send({ path: '/around', body: '{}' })).rejects.toMatchObject({
      message: 'Post "/base/around": stopped after 10 redirects',
    });
    expect(asked).toHaveLength(10);
    const base = `http://127.0.0.1:${port}/base`;
    await expect(server.send({ path: '/ftp' })).rejects.toThrow(`Get "${base}/ftp": unsupported protocol scheme "ftp"`);
    await expect(server.send({ path: '/bad' })).rejects.toThrow(`Get "${base}/bad": failed to parse Location header "http://[x"`);
  });

  it('tells of requests that are over, answered or not', async () => {
    const told: RemoteRequestEnd[] = [];
    const { port } = await plain((_, res) => res.writeHead(418).end('seen'));
    const access = { server: `http://127.0.0.1:${port}/base`, observer: (end: RemoteRequestEnd) => void told.push(end) };
    const server = remote(access);
    await server.send({ body: '{"a":"ä"}' });
    await expect(server.send({ signal: AbortSignal.abort() })).rejects.toThrow();
    const host = `127.0.0.1:${port}`;
    expect(told.map(({ durationMs, ...end }) => ({ ...end, isTimed: durationMs >= 0 }))).toEqual([
      { host, method: 'POST', code: 418, sentBytes: 10, receivedBytes: 4, isTimed: true },
      { host, method: 'GET', code: undefined, sentBytes: 0, receivedBytes: 0, isTimed: true },
    ]);
  });

  it('keeps its connection, and takes another one when the kept one was closed', async () => {
    const ports: (number | undefined)[] = [];
    const { server } = await plain((req, res) => {
      ports.push(req.socket.remotePort);
      res.end('ok', () => {
        if (ports.length === 2) req.socket.destroy();
      });
    });
    for (let at = 0; at < 3; at++) expect((await server.send({ path: '' })).body.toString()).toBe('ok');
    expect([ports[0] === ports[1], ports[1] === ports[2]]).toEqual([true, false]);
  });

  it('still reads what it was asked for before it was closed, and keeps no connection then', async () => {
    const seen = new EventEmitter();
    const { server } = await plain((req, res) => void seen.emit('request', req, res));
    const asked = server.send({ body: '{}' });
    const [req, res] = (await once(seen, 'request')) as [IncomingMessage, ServerResponse];
    server.close();
    const ended = once(req.socket, 'close');
    res.end('ok');
    expect((await asked).body.toString()).toBe('ok');
    await ended;
  });

  it('gives up after its time, and when nobody waits any more', async () => {
    const { port, server } = await plain(() => undefined);
    const url = `"http://127.0.0.1:${port}/base/slow"`;
    await expect(server.send({ path: '/slow', body: '{}', timeoutMs: 20 })).rejects.toMatchObject({
      timedOut: true,
      message: `Post ${url}: context deadline exceeded`,
    });
    const leaving = new AbortController();
    const asked = server.send({ path: '/slow', signal: leaving.signal, timeoutMs: 60_000 });
    leaving.abort();
    await expect(asked).rejects.toMatchObject({ timedOut: false, message: `Get ${url}: The operation was aborted` });
  });

  it('says why nobody answers as clients know it', async () => {
    const port = await listening(createServer());
    for (const end of ends.splice(0)) end();
    await expect(remote({ server: `http://127.0.0.1:${port}` }).send({ path: '/x' })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      message: `Get "http://127.0.0.1:${port}/x": dial tcp 127.0.0.1:${port}: connect: connection refused`,
    });
    const { port: other, server } = await plain((req) => req.socket.destroy());
    await expect(server.send({ path: '/x' })).rejects.toThrow(`Get "http://127.0.0.1:${other}/base/x": EOF`);
  });

  it('does not read an answer without end', async () => {
    const { server } = await plain((_req, res) => {
      const more = () => {
        while (res.write(Buffer.alloc(1 << 20)));
      };
      res.on('drain', more);
      more();
    });
    await expect(server.send({ path: '/x' })).rejects.toThrow('the answer is larger than 16777216 bytes');
  });
});

describe('RemoteServer over TLS', () => {
  const secure = () => listening(createSecureServer({ key, cert: certificate }, (req, res) => void res.end(req.headers.host)));
  const verify = 'tls: failed to verify certificate: x509:';

  it('checks who answers', async () => {
    const port = await secure();
    const here = `https://127.0.0.1:${port}`;
    await expect(remote({ server: here }).send({})).rejects.toThrow(`${verify} certificate signed by unknown authority`);
    await expect(remote({ server: here, certificateAuthority: certificate }).send({})).rejects.toThrow(
      `${verify} certificate is valid for web.shop.svc, not 127.0.0.1`,
    );
    expect((await remote({ server: here, insecureSkipTlsVerify: true }).send({})).code).toBe(200);
    const named = { server: here, certificateAuthority: certificate, tlsServerName: 'web.shop.svc' };
    expect((await remote(named).send({})).code).toBe(200);
  });

  it('goes where it is told to, under the name it was given', async () => {
    const port = await secure();
    const server = remote({ server: 'https://web.shop.svc', certificateAuthority: certificate });
    const answer = await server.send({ path: '/', dial: { host: '127.0.0.1', port } });
    expect(answer.body.toString()).toBe('web.shop.svc');
  });
});

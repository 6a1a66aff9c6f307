import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { Handler } from './context.js';
import { reply } from './reply.js';
import { authority, client, renewed, server as serving, stranger } from './testing/certificates.js';
import { askHttp1, askHttp2, closed, openHttp2, openTls, readToEnd } from './testing/clients.js';
import { startServer, stopServers } from './testing/running-server.js';
import type { UpgradeResponse } from './upgrade-response.js';

afterEach(stopServers);

/** Tells how the request came. */
const describeRequest: Handler = (ctx) => {
  const socket = (ctx.state.stream?.session?.socket ?? ctx.req.socket) as TLSSocket;
  const peer = socket.getPeerCertificate() as Partial<PeerCertificate>;
  const told = { version: ctx.req.httpVersion, raw: ctx.state.stream !== undefined, peer: peer.subject?.CN, trusted: socket.authorized };
  reply(ctx, 200, 'application/json', JSON.stringify(told));
  return undefined;
};

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const headers = 0x1;
const resetStream = 0x3;
const settings = 0x4;
const continuation = 0x9;
const endStream = 0x1;
const endHeaders = 0x4;
/** GET https / from HPACK's static table, and a literal :authority. */
const getRoot = Buffer.of(0x82, 0x84, 0x87, 0x01, 0x01, 0x78);

/** An HTTP/2 frame (RFC 9113, 4.1). */
function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

describe('Listener', () => {
  it('serves HTTP/1.1 and HTTP/2 on one port by ALPN', async () => {
    const { port } = await startServer(describeRequest);
    expect(JSON.parse((await askHttp1(port, '/version')).text)).toMatchObject({ version: '1.1', raw: false });
    const session = await openHttp2(port);
    expect(JSON.parse((await askHttp2(session, '/version')).text)).toMatchObject({ version: '2.0', raw: true });
    session.destroy();
  });

  it('speaks HTTP/1.1 only when told so', async () => {
    const { port } = await startServer(describeRequest, { http2: false });
    const socket = connectTls({ host: '127.0.0.1', port, ca: authority, ALPNProtocols: ['h2', 'http/1.1'] });
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe('http/1.1');
    socket.destroy();
    expect(JSON.parse((await askHttp1(port, '/version')).text)).toMatchObject({ version: '1.1' });
  });

  it('speaks HTTP/1.1 with clients that know no ALPN', async () => {
    const { port } = await startServer();
    const socket = connectTls({ host: '127.0.0.1', port, ca: authority });
    await once(socket, 'secureConnect');
    socket.write('GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it('asks for client certificates and takes connections with a good one, a bad one, or none', async () => {
    const { port } = await startServer(describeRequest);
    const told = async (identity?: typeof client) => JSON.parse((await askHttp1(port, '/', identity ? { identity } : {})).text);
    expect(await told(client)).toMatchObject({ peer: 'alice', trusted: true });
    expect(await told(stranger)).toMatchObject({ peer: 'mallory', trusted: false });
    expect(await told()).toMatchObject({ trusted: false });
  });

  it('serves new handshakes with new certificates and keeps open connections', async () => {
    const { port, listener } = await startServer();
    const subject = async () => {
      const socket = await openTls(port);
      const { CN } = socket.getPeerCertificate().subject;
      socket.destroy();
      return CN;
    };
    const session = await openHttp2(port);
    expect(await subject()).toBe('server');
    listener.useCertificates({ certificate: renewed.certificate, key: renewed.key });
    expect(await subject()).toBe('renewed server');
    expect((await askHttp2(session, '/')).status).toBe(200);
    session.destroy();
  });

  it('serves who asks for a name with its certificate, checks clients likewise, and takes new ones', async () => {
    const { port, listener } = await startServer(describeRequest);
    const serve = (named: typeof serving) =>
      listener.useCertificates({ ...serving, clientAuthorities: [authority], named: [{ ...named, names: ['api.example.com'] }] });
    const told = async (servername: string) => {
      const socket = connectTls({ host: '127.0.0.1', port, ca: authority, servername, checkServerIdentity: () => undefined, ...mutual });
      await once(socket, 'secureConnect');
      const { CN } = socket.getPeerCertificate().subject;
      socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      return [CN, JSON.parse((await readToEnd(socket)).split('\r\n\r\n')[1] ?? '').trusted];
    };
    const mutual = { cert: client.certificate, key: client.key };
    serve(renewed);
    expect([await told('api.example.com'), await told('other.example.com')]).toEqual([
      ['renewed server', true],
      ['server', true],
    ]);
    serve(serving);
    expect(await told('api.example.com')).toEqual(['server', true]);
  });

  it('serves who names no server with the certificate of the address connected to', async () => {
    const { port, listener } = await startServer(describeRequest);
    listener.useCertificates({
      ...serving,
      clientAuthorities: [authority],
      named: [{ ...renewed, names: ['127.0.0.1', 'api.example.com'] }],
    });
    const told = async (servername: string) => {
      const options = { host: '127.0.0.1', port, ca: authority, checkServerIdentity: () => undefined };
      const socket = connectTls({ ...options, ...(servername !== '' && { servername }), ALPNProtocols: ['h2'] });
      await once(socket, 'secureConnect');
      const { CN } = socket.getPeerCertificate().subject;
      socket.destroy();
      return [CN, socket.alpnProtocol];
    };
    expect([await told(''), await told('api.example.com'), await told('other.example.com')]).toEqual([
      ['renewed server', 'h2'],
      ['renewed server', 'h2'],
      ['server', 'h2'],
    ]);
    listener.useCertificates({ ...serving, named: [{ ...renewed, names: ['127.0.0.2'] }] });
    expect(await told('')).toEqual(['server', 'h2']);
  });

  it('keeps the last good certificate when a new one is unusable', async () => {
    const { port, listener } = await startServer();
    expect(() => listener.useCertificates({ certificate: serving.certificate, key: client.key })).toThrow('key values mismatch');
    expect((await askHttp1(port, '/')).status).toBe(200);
  });

  it('survives connections that are no TLS, and says so in the log', async () => {
    const { port, log } = await startServer();
    const socket = connectTcp({ host: '127.0.0.1', port });
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await closed(socket);
    expect(log.lines).toContain('info 3 TLS handshake error');
    expect((await askHttp1(port, '/')).status).toBe(200);
  });

  it('answers malformed HTTP/1.1 in one line and closes', async () => {
    const { port } = await startServer();
    const socket = await openTls(port);
    socket.write('not http at all\r\n\r\n');
    expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  });

  it('brings methods that its parser does not know to the filters, and ends the connection behind the answer', async () => {
    const { port } = await startServer((ctx) => {
      const { method, url, httpVersion, headers } = ctx.req;
      reply(ctx, 405, 'text/plain', JSON.stringify({ method, url, httpVersion, accept: headers.accept, twice: headers['x-twice'] }));
      return undefined;
    });
    const socket = await openTls(port);
    socket.write('FOO /version?x=1 HTTP/1.1\r\nHost: x\r\nAccept: text/plain\r\nX-Twice: a\r\nx-twice:b \r\n\r\n');
    const answer = await readToEnd(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 405 Method Not Allowed\r\n/);
    const told = { method: 'FOO', url: '/version?x=1', httpVersion: '1.1', accept: 'text/plain', twice: 'a, b' };
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toEqual(told);
  });

  it('takes no request for one of an unknown method that comes behind it', async () => {
    const asked: (string | undefined)[] = [];
    const { port } = await startServer((ctx) => {
      asked.push(ctx.req.method);
      reply(ctx, 200, 'text/plain', 'ok');
      return undefined;
    });
    const socket = await openTls(port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\nFOO / HTTP/1.1\r\nHost: x\r\n\r\n');
    await readToEnd(socket);
    expect(asked).toEqual(['GET']);
  });

  it.each(['FOO / HTTP/1.1\r\nbroken header\r\n\r\n', 'FOO / HTTP/1.1\r\nHost: x\r\n', 'F(O / HTTP/1.1\r\n\r\n'])(
    'answers %j in one line, too',
    async (text) => {
      const { port } = await startServer();
      const socket = await openTls(port);
      socket.write(text);
      expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    },
  );

  it('refuses headers beyond the limit', async () => {
    const { port } = await startServer(undefined, { limits: { maxHeaderBytes: 16_384 } });
    const socket = await openTls(port);
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('sees every header, however many there are', async () => {
    const { port } = await startServer((ctx) => {
      reply(ctx, 200, 'text/plain', String(ctx.state.user.groups.filter((group) => group === 'g').length));
      return undefined;
    });
    const socket = await openTls(port);
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nImpersonate-User: u\r\n${'Impersonate-Group: g\r\n'.repeat(2500)}\r\n`);
    expect(await readToEnd(socket)).toMatch(/\r\n\r\n2500$/);
  });

  it('ends connections whose headers never end', async () => {
    const { port } = await startServer(undefined, { limits: { headersTimeoutMs: 100 } });
    const socket = await openTls(port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n');
    expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  });

  it('ends idle connections of both kinds', async () => {
    const { port, listener } = await startServer(undefined, { limits: { idleTimeoutMs: 100, pingIntervalMs: 50 } });
    const socket = await openTls(port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const session = await openHttp2(port);
    await Promise.all([readToEnd(socket), closed(session)]);
    await expect.poll(() => listener.connections).toBe(0);
  });

  it('asks silent HTTP/2 connections with open streams for a sign of life, and keeps those that give one', async () => {
    let opened: () => void = () => undefined;
    const open = new Promise<void>((resolve) => {
      opened = resolve;
    });
    const { port } = await startServer(
      (ctx) => {
        ctx.res.flushHeaders();
        opened();
        return new Promise((resolve) => ctx.state.signal.addEventListener('abort', () => resolve()));
      },
      { limits: { idleTimeoutMs: 100, pingIntervalMs: 30, pingTimeoutMs: 1000 } },
    );
    const session = await openHttp2(port);
    let pings = 0;
    session.on('ping', () => pings++);
    session.request({ ':path': '/api/v1/pods?watch=1' }).on('error', () => undefined);
    await open;
    await expect.poll(() => pings).toBeGreaterThan(4);
    expect(session.closed).toBe(false);
    session.destroy();
  });

  it('breaks off a connection that resets streams as fast as it opens them', async () => {
    const { port, log, inFlight } = await startServer(async (ctx) => {
      await new Promise(setImmediate);
      reply(ctx, 200, 'text/plain', 'ok');
    });
    const socket = await openTls(port, 'h2');
    const over = closed(socket);
    socket.resume();
    socket.write(Buffer.concat([preface, frame(settings, 0, 0, Buffer.alloc(0))]));
    for (let stream = 1; stream < 2000 && socket.writable; stream += 2) {
      // RST_STREAM with CANCEL.
      socket.write(
        Buffer.concat([frame(headers, endStream | endHeaders, stream, getRoot), frame(resetStream, 0, stream, Buffer.of(0, 0, 0, 8))]),
      );
      if (stream % 100 === 1) await new Promise(setImmediate);
    }
    await over;
    expect(log.lines).toContain('warn HTTP/2 connection broken off for abuse');
    await expect.poll(() => inFlight.count).toBe(0);
    expect((await askHttp1(port, '/')).status).toBe(200);
  });

  it('breaks off a connection that pings without end', async () => {
    const { port } = await startServer();
    const session = await openHttp2(port);
    const flood = setInterval(() => {
      for (let at = 0; at < 5 && !session.destroyed; at++) session.ping(() => undefined);
    }, 1);
    await closed(session);
    clearInterval(flood);
  });

  it('survives endless CONTINUATION frames', async () => {
    const { port } = await startServer();
    const socket = await openTls(port, 'h2');
    const over = closed(socket);
    socket.write(Buffer.concat([preface, frame(settings, 0, 0, Buffer.alloc(0)), frame(headers, 0, 1, Buffer.alloc(0))]));
    const flood = setInterval(() => socket.write(frame(continuation, 0, 1, Buffer.alloc(16_000))), 1);
    socket.resume();
    await over;
    clearInterval(flood);
    expect((await askHttp1(port, '/')).status).toBe(200);
  });

  it('lets a verb take over an upgraded connection, filters first', async () => {
    const { port, inFlight } = await startServer((ctx) => {
      if (ctx.state.user.name !== 'admin') throw new Error('not authenticated');
      const { socket, head } = (ctx.res as unknown as UpgradeResponse).takeOver();
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n${head}`);
      socket.pipe(socket);
      return undefined;
    });
    const socket = await openTls(port);
    socket.write('GET /api/v1/namespaces/n/pods/p/exec HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly ');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    await expect.poll(() => text).toContain('early ');
    socket.write('late');
    await expect.poll(() => text).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n[\s\S]*\r\n\r\nearly late$/);
    expect(inFlight.count).toBe(1);
    socket.destroy();
    await expect.poll(() => inFlight.count).toBe(0);
  });

  it('answers an upgrade that no verb takes in plain HTTP and closes', async () => {
    const { port, inFlight } = await startServer();
    const socket = await openTls(port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*ok$/);
    expect(inFlight.count).toBe(0);
  });

  it('asks its clients to leave, finishing what it has begun', async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { port, listener, inFlight } = await startServer(async (ctx) => {
      await finished;
      reply(ctx, 200, 'text/plain', 'finished');
    });
    const session = await openHttp2(port);
    const agent = new Agent({ keepAlive: true, ca: authority });
    const answers = [askHttp2(session, '/'), askWith(agent, port)];
    await expect.poll(() => inFlight.count).toBe(2);
    listener.stopAccepting();
    const left = [once(session, 'goaway'), closed(session)];
    listener.goAway();
    await left[0];
    finish();
    expect((await Promise.all(answers)).map(({ text }) => text)).toEqual(['finished', 'finished']);
    await left[1];
    await expect(askHttp1(port, '/')).rejects.toThrow('ECONNREFUSED');
    await expect.poll(() => listener.connections).toBe(0);
    agent.destroy();
  });
});

async function askWith(agent: Agent, port: number): Promise<{ text: string }> {
  const sent = request({ host: '127.0.0.1', port, agent });
  sent.end();
  const [res] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of res.setEncoding('utf8')) text += chunk;
  return { text };
}

import { once } from 'node:events';
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prefixed } from '../../../testing/etcd/scripted-peer.js';
import { selfSigned } from '../../../testing/etcd/self-signed.js';
import { type EtcdOptions, etcdSettings } from '../../etcd-options.js';
import type { CallError } from '../transport.js';
import { Http2Client } from './http2-client.js';

const PATH = '/test.Service/Call';
const TIMEOUT_MS = 20_000;
const hello = Buffer.from('hello');

type Handler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

/** A server of node's own HTTP/2; tests put handlers of streams into it. */
let server: Http2Server | Http2SecureServer;
let handle: Handler;
let sessions: ServerHttp2Session[];
let clients: Http2Client[];

beforeEach(() => {
  handle = echo;
  sessions = [];
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.close();
  for (const session of sessions) session.destroy();
  server.close();
});

async function listen(
  settings: Settings = {},
  tls?: { readonly key: string; readonly cert: string; readonly ca?: string },
): Promise<number> {
  server = tls ? createSecureServer({ settings, ...tls, ...(tls.ca && { requestCert: true }) }) : createServer({ settings });
  server.on('session', (session: ServerHttp2Session) => sessions.push(session));
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => undefined);
    handle(stream, headers);
  });
  await once(server.listen(0, 'localhost'), 'listening');
  return (server.address() as AddressInfo).port;
}

function client(port: number, options: Partial<EtcdOptions> & { readonly scheme?: string; readonly host?: string } = {}): Http2Client {
  const { scheme = 'http', host = 'localhost', ...others } = options;
  const settings = etcdSettings({ endpoints: ['-'], ...others });
  const made = new Http2Client(`${scheme}://${host}:${port}`, settings, async () => [['hasleader', 'true']]);
  clients.push(made);
  return made;
}

async function body(stream: ServerHttp2Stream): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** Answers with the message it was sent. */
async function echo(stream: ServerHttp2Stream): Promise<void> {
  answer(stream, await body(stream));
}

function answer(stream: ServerHttp2Stream, bytes: Uint8Array, trailers: Record<string, string> = { 'grpc-status': '0' }): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(bytes);
}

function failure(call: Promise<Uint8Array>): Promise<Pick<CallError, 'status' | 'details' | 'sent'>> {
  return call.then(
    () => expect.fail('the call succeeded'),
    ({ status, details, sent }: CallError) => ({ status, details, sent }),
  );
}

function filled(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) % 256));
}

describe('a call', () => {
  it('says what gRPC wants of a request, and gives the message of the response', async () => {
    const port = await listen();
    let seen: IncomingHttpHeaders = {};
    handle = (stream, headers) => {
      seen = Object.fromEntries(Object.entries(headers));
      void echo(stream);
    };
    expect(await client(port).unary(PATH, hello, 3999.2)).toEqual(hello);
    expect(seen).toEqual({
      ':method': 'POST',
      ':path': PATH,
      ':scheme': 'http',
      ':authority': `localhost:${port}`,
      te: 'trailers',
      'content-type': 'application/grpc',
      'grpc-timeout': '4000m',
      hasleader: 'true',
    });
  });

  it.each([0, 1, 16_379, 16_380, 65_530, 65_531, 3_000_000, 20_000_000])('carries messages of %i bytes both ways', async (length) => {
    const message = filled(length);
    const answered = await client(await listen()).unary(PATH, message, TIMEOUT_MS);
    expect(message.equals(answered)).toBe(true);
  });

  it.each([1, 3, 1000])('keeps to windows of %i bytes', async (initialWindowSize) => {
    const caller = client(await listen({ initialWindowSize }));
    const messages = [filled(5000), filled(17), filled(0)];
    const answers = await Promise.all(messages.map((message) => caller.unary(PATH, message, TIMEOUT_MS)));
    expect(answers.map((bytes) => Buffer.from(bytes))).toEqual(messages);
  });

  it('waits for a server that reads slowly', async () => {
    const caller = client(await listen());
    const message = filled(1_500_000);
    handle = async (stream) => {
      stream.pause();
      await sleep(50);
      void echo(stream);
    };
    const answers = await Promise.all(Array.from({ length: 8 }, () => caller.unary(PATH, message, TIMEOUT_MS)));
    expect(answers.map((bytes) => message.equals(bytes))).toEqual(answers.map(() => true));
  });

  it('waits for its turn when the server takes few at once', async () => {
    const caller = client(await listen({ maxConcurrentStreams: 3 }));
    let running = 0;
    let most = 0;
    handle = async (stream) => {
      most = Math.max(most, ++running);
      const bytes = await body(stream);
      await sleep(1);
      running--;
      answer(stream, bytes);
    };
    const messages = Array.from({ length: 50 }, (_, i) => Buffer.from(`message ${i}`));
    const answers = await Promise.all(messages.map((message) => caller.unary(PATH, message, TIMEOUT_MS)));
    expect(answers.map(String)).toEqual(messages.map(String));
    expect([most, sessions.length]).toEqual([3, 1]);
  });
});

describe('a call fails', () => {
  it.each([
    [{ 'grpc-status': '14', 'grpc-message': 'etcdserver: no leader' }, status.UNAVAILABLE, 'etcdserver: no leader'],
    [{ 'grpc-status': '3', 'grpc-message': '100%25 gr%C3%BCn%0A' }, status.INVALID_ARGUMENT, '100% grün\n'],
    [{ 'grpc-status': '11', 'grpc-message': 'half of %C3 or %zz' }, status.OUT_OF_RANGE, 'half of %C3 or %zz'],
    [{ 'grpc-status': '9' }, status.FAILED_PRECONDITION, ''],
    [{ 'grpc-status': 'x' }, status.UNKNOWN, ''],
  ])('with the status and message of the server: %j', async (trailers, code, details) => {
    const caller = client(await listen());
    handle = (stream) => answer(stream, Buffer.alloc(0), trailers);
    expect(await failure(caller.unary(PATH, hello, TIMEOUT_MS))).toEqual({ status: code, details, sent: true });
    handle = (stream) => stream.respond({ ':status': 200, ...trailers }, { endStream: true });
    expect(await failure(caller.unary(PATH, hello, TIMEOUT_MS))).toEqual({ status: code, details, sent: true });
  });

  it.each([
    [401, status.UNAUTHENTICATED],
    [404, status.UNIMPLEMENTED],
    [503, status.UNAVAILABLE],
    [500, status.UNKNOWN],
    [200, status.UNKNOWN],
  ])('by the HTTP status %i, where there is none of gRPC', async (httpStatus, code) => {
    const caller = client(await listen());
    handle = (stream) => {
      stream.respond({ ':status': httpStatus });
      stream.end(httpStatus === 200 ? '' : '<html>what went wrong</html>');
    };
    const details = `Received HTTP status code ${httpStatus}`;
    expect(await failure(caller.unary(PATH, hello, TIMEOUT_MS))).toEqual({ status: code, details, sent: true });
  });

  it.each([
    ['no message', Buffer.alloc(0), 'no message'],
    ['part of a message', prefixed(hello).subarray(0, 7), 'no message'],
    ['two messages', Buffer.concat([prefixed(hello), prefixed(hello)]), 'more than one message'],
    ['a compressed message', Buffer.of(1, 0, 0, 0, 1, 0), 'a compressed message, which was not asked for'],
  ])('when the server sends %s; the connection goes on', async (_name, bytes, reason) => {
    const caller = client(await listen());
    handle = (stream) => answer(stream, bytes);
    const failed = await failure(caller.unary(PATH, hello, TIMEOUT_MS));
    expect(failed).toEqual({ status: status.INTERNAL, details: `malformed response: ${reason}`, sent: true });
    handle = echo;
    expect(await caller.unary(PATH, hello, TIMEOUT_MS)).toEqual(hello);
    expect(sessions).toHaveLength(1);
  });

  it.each([
    [7, status.UNAVAILABLE, 'Stream refused by server', false],
    [8, status.CANCELLED, 'Call cancelled', true],
    [2, status.INTERNAL, 'Received RST_STREAM with code 2', true],
    [11, status.INTERNAL, 'Received RST_STREAM with code 11', true],
  ])('when its stream is reset with code %i', async (code, grpcStatus, details, sent) => {
    const caller = client(await listen());
    handle = (stream) => stream.close(code);
    expect(await failure(caller.unary(PATH, hello, TIMEOUT_MS))).toEqual({ status: grpcStatus, details, sent });
  });

  it('at its deadline, and tells the server', async () => {
    const caller = client(await listen());
    const closed = new Promise<number>((resolve) => {
      handle = (stream) => stream.on('close', () => resolve(stream.rstCode));
    });
    const details = 'Deadline exceeded after 0.100s';
    expect(await failure(caller.unary(PATH, hello, 100))).toEqual({ status: status.DEADLINE_EXCEEDED, details, sent: true });
    expect(await closed).toBe(8);
    handle = echo;
    expect(await caller.unary(PATH, hello, TIMEOUT_MS)).toEqual(hello);
  });

  it('at its deadline without having been sent, when the server takes no more at once', async () => {
    const caller = client(await listen({ maxConcurrentStreams: 1 }));
    handle = () => undefined;
    const first = failure(caller.unary(PATH, hello, 300));
    await expect.poll(() => sessions.length).toBe(1);
    expect(await failure(caller.unary(PATH, hello, 100))).toMatchObject({ status: status.UNAVAILABLE, sent: false });
    expect(await first).toMatchObject({ status: status.DEADLINE_EXCEEDED, sent: true });
  });

  it('with its request half sent, when the server has decided', async () => {
    const caller = client(await listen({ initialWindowSize: 10 }));
    handle = (stream) => stream.respond({ ':status': 200, 'grpc-status': '8', 'grpc-message': 'too large' }, { endStream: true });
    const failed = await failure(caller.unary(PATH, filled(1000), TIMEOUT_MS));
    expect(failed).toEqual({ status: status.RESOURCE_EXHAUSTED, details: 'too large', sent: true });
    handle = echo;
    expect(await caller.unary(PATH, Buffer.from('next'), TIMEOUT_MS)).toEqual(Buffer.from('next'));
  });
});

describe('the connection', () => {
  it('is replaced when the server sends it away; what runs ends on the old one', async () => {
    const caller = client(await listen());
    const running = new Promise<ServerHttp2Stream>((resolve) => {
      handle = resolve;
    });
    const call = caller.unary(PATH, hello, TIMEOUT_MS);
    const stream = await running;
    sessions[0]?.goaway(0, 1);
    handle = echo;
    await sleep(100);
    expect(await caller.unary(PATH, Buffer.from('new'), TIMEOUT_MS)).toEqual(Buffer.from('new'));
    answer(stream, prefixed(Buffer.from('old')));
    expect(await call).toEqual(Buffer.from('old'));
    expect(sessions).toHaveLength(2);
  });

  it('has surely not carried calls that the server says it has not taken', async () => {
    const caller = client(await listen());
    const streams: ServerHttp2Stream[] = [];
    handle = (stream) => streams.push(stream);
    const [first, second] = [caller.unary(PATH, hello, TIMEOUT_MS), failure(caller.unary(PATH, hello, TIMEOUT_MS))];
    await expect.poll(() => streams.length).toBe(2);
    sessions[0]?.goaway(0, streams[0]?.id);
    expect(await second).toMatchObject({ status: status.UNAVAILABLE, sent: false });
    void echo(streams[0] as ServerHttp2Stream);
    expect(await first).toEqual(hello);
  });

  it('that is sent away gets none of the calls that wait', async () => {
    const caller = client(await listen({ maxConcurrentStreams: 2 }));
    const streams: ServerHttp2Stream[] = [];
    handle = (stream) => streams.push(stream);
    const running = [caller.unary(PATH, hello, TIMEOUT_MS), failure(caller.unary(PATH, hello, TIMEOUT_MS))];
    await expect.poll(() => streams.length).toBe(2);
    handle = echo;
    const waiting = caller.unary(PATH, Buffer.from('waiting'), TIMEOUT_MS);
    await sleep(100);
    sessions[0]?.goaway(0, streams[0]?.id);
    expect(await waiting).toEqual(Buffer.from('waiting'));
    expect(sessions).toHaveLength(2);
    void echo(streams[0] as ServerHttp2Stream);
    expect(await Promise.all(running)).toEqual([hello, { status: status.UNAVAILABLE, details: expect.any(String), sent: false }]);
  });

  it('may have carried what was under way when it broke', async () => {
    const caller = client(await listen());
    handle = () => sessions[0]?.destroy();
    expect(await failure(caller.unary(PATH, hello, TIMEOUT_MS))).toMatchObject({ status: status.UNAVAILABLE, sent: true });
  });

  it('is made anew after the server has closed it', async () => {
    const caller = client(await listen());
    await caller.unary(PATH, hello, TIMEOUT_MS);
    await sleep(100);
    sessions[0]?.close();
    await once(sessions[0] as ServerHttp2Session, 'close');
    await sleep(20);
    expect(await caller.unary(PATH, hello, TIMEOUT_MS)).toEqual(hello);
    expect(sessions).toHaveLength(2);
  });

  it('that is dropped serves what runs, and nothing new', async () => {
    const caller = client(await listen());
    const running = new Promise<ServerHttp2Stream>((resolve) => {
      handle = resolve;
    });
    const call = caller.unary(PATH, hello, TIMEOUT_MS);
    const stream = await running;
    caller.reset();
    handle = echo;
    expect(await caller.unary(PATH, hello, TIMEOUT_MS)).toEqual(hello);
    expect(sessions).toHaveLength(2);
    caller.close();
    expect(await failure(caller.unary(PATH, hello, TIMEOUT_MS))).toEqual({
      status: status.UNAVAILABLE,
      details: 'the client is closed',
      sent: false,
    });
    void echo(stream);
    expect(await call).toEqual(hello);
    await Promise.all(sessions.map((session) => session.destroyed || once(session, 'close')));
  });

  it('is none where nobody listens: nothing was sent', async () => {
    const port = await listen();
    server.close();
    const failed = await failure(client(port).unary(PATH, hello, TIMEOUT_MS));
    expect(failed).toMatchObject({ status: status.UNAVAILABLE, sent: false });
    expect(failed.details).toContain(`cannot connect to http://localhost:${port}: connect ECONNREFUSED`);
  });
});

describe('TLS', () => {
  it.each(['localhost', '127.0.0.1'])('is held to the name or address %s', async (host) => {
    const good = await selfSigned(host);
    const other = await selfSigned(host === 'localhost' ? '127.0.0.1' : 'localhost');
    const port = await listen({}, good);
    const trusting = (ca: string) => client(port, { scheme: 'https', host, tls: { ca: Buffer.from(ca) } });
    expect(await trusting(good.cert).unary(PATH, hello, TIMEOUT_MS)).toEqual(hello);
    expect(await failure(trusting(other.cert).unary(PATH, hello, TIMEOUT_MS))).toMatchObject({ status: status.UNAVAILABLE, sent: false });
    (server as Http2SecureServer).setSecureContext(other);
    const failed = await failure(trusting(other.cert).unary(PATH, hello, TIMEOUT_MS));
    expect(failed).toMatchObject({ status: status.UNAVAILABLE, sent: false });
    expect(failed.details).toMatch(/does not match certificate's altnames/);
  });

  it('shows the certificate of the client; without one nothing is sent', async () => {
    const { key, cert } = await selfSigned('localhost');
    const port = await listen({}, { key, cert, ca: cert });
    const ca = Buffer.from(cert);
    let tls: EtcdOptions['tls'] = { ca };
    const caller = client(port, { scheme: 'https', tls: () => tls as { ca: Buffer } });
    expect(await failure(caller.unary(PATH, hello, TIMEOUT_MS))).toMatchObject({ status: status.UNAVAILABLE, sent: false });
    tls = { ca, cert: ca, key: Buffer.from(key) };
    await sleep(100);
    expect(await caller.unary(PATH, hello, TIMEOUT_MS)).toEqual(hello);
  });
});

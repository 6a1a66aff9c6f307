import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:http2';
import { request } from 'node:https';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ExtensionRequest, ExtensionServer } from '@keelson/aggregator/testing';
import { type Credential, issue } from '@keelson/auth/testing';
import type { KubeObject, Status } from '@keelson/machinery';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { TestApiServer } from '../testing/test-api-server.js';
import { API_SERVICES, aggregatedServer, asAdmin, GROUP } from './testing/aggregated-server.js';

const ROOT = `/apis/${GROUP}/v1`;
const GADGETS = `${ROOT}/namespaces/default/gadgets`;

const { running, send, get, register } = aggregatedServer();
let server: TestApiServer;
let extension: ExtensionServer;
let proxyRoot: Credential;

beforeAll(() => {
  ({ server, extension, proxyRoot } = running());
});
beforeEach(() => {
  extension.answer = () => false;
  extension.requests.length = 0;
});

describe('an extension server', () => {
  beforeAll(async () => {
    await register(extension.apiService());
    const rules = [{ apiGroups: [GROUP], resources: ['*'], verbs: ['*'] }];
    await send('POST', '/apis/rbac.authorization.k8s.io/v1/clusterroles', { metadata: { name: 'gadgets' }, rules });
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'gadgets' };
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'devs' }];
    const binding = { metadata: { name: 'gadgets' }, roleRef, subjects };
    expect((await send('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', binding)).code).toBe(201);
  });
  afterAll(async () => {
    expect((await send('DELETE', `${API_SERVICES}/v1.${GROUP}`)).code).toBe(200);
  });

  it('answers what is asked below its group-version', async () => {
    const told = await get(`${GADGETS}/one?pretty=0`);
    expect([told.code, told.headers['content-type'], (told.body as unknown as KubeObject).metadata.name]).toEqual([
      200,
      'application/json',
      'one',
    ]);
    const asked = extension.last(`${GADGETS}/one`);
    expect([asked?.httpVersion, asked?.url, asked?.client]).toEqual(['2.0', `${GADGETS}/one?pretty=0`, 'front-proxy']);
  });

  it('hears who asks from its front proxy, not from the client', async () => {
    const told = await get(GADGETS, {
      authorization: 'Bearer alice',
      'X-Remote-User': 'root',
      'x-remote-group': ['system:masters', 'more'],
      'X-Remote-Uid': '0',
      'X-Remote-Extra-Scopes': 'all',
      'X-Forwarded-For': '10.9.9.9',
      'X-Mine': 'kept',
      'Keep-Alive': 'timeout=1',
      Connection: 'X-Dropped, close',
      'X-Dropped': 'yes',
    });
    expect(told.code).toBe(200);
    const { headers, rawHeaders } = extension.last(GADGETS) as ExtensionRequest;
    // Node keeps more about them under symbols.
    expect(Object.fromEntries(Object.entries(headers))).toEqual({
      ':authority': extension.address,
      ':method': 'GET',
      ':path': GADGETS,
      ':scheme': 'https',
      'audit-id': told.headers['audit-id'],
      'x-forwarded-for': '10.9.9.9, 127.0.0.1',
      'x-forwarded-host': extension.address,
      'x-forwarded-proto': 'https',
      'x-forwarded-uri': GADGETS,
      'x-mine': 'kept',
      'x-remote-group': 'devs, ops, system:authenticated',
      'x-remote-uid': 'alice-uid',
      'x-remote-user': Buffer.from('alïce').toString('latin1'),
    });
    expect(rawHeaders.filter((name) => name === 'x-remote-group')).toHaveLength(3);
  });

  it('gets bodies, and its own codes and headers reach the client', async () => {
    const gadget = { apiVersion: `${GROUP}/v1`, kind: 'Gadget', metadata: { name: 'two' }, data: 'x'.repeat(300_000) };
    const told = await send('POST', GADGETS, gadget);
    expect([told.code, told.body]).toEqual([201, gadget]);
    extension.answer = (asked, response) => {
      const headers = { 'x-own': 'y', connection: 'close', 'access-control-allow-origin': '*', warning: '299 - "mine"', etag: '"e"' };
      response.writeHead(418, asked.httpVersion === '1.1' ? headers : omit(headers, 'connection')).end('short');
      return true;
    };
    const other = await send('PUT', `${GADGETS}/two`, gadget);
    expect([other.code, other.body]).toEqual([418, 'short']);
    expect(other.headers).toMatchObject({ 'x-own': 'y', warning: '299 - "mine"', etag: '"e"', 'audit-id': expect.any(String) });
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('hears of whom a user acts for, and not how', async () => {
    await get(GADGETS, {
      'Impersonate-User': 'bob',
      'Impersonate-Group': 'devs',
      'Impersonate-Uid': 'u',
      'Impersonate-Extra-Scopes': 'view',
    });
    const { headers } = extension.last(GADGETS) as ExtensionRequest;
    expect(Object.keys(headers).filter((name) => name.startsWith('impersonate'))).toEqual([]);
    expect([
      headers['x-remote-user'],
      headers['x-remote-group'],
      headers['x-remote-uid'],
      headers['x-remote-extra-scopes'],
      headers.authorization,
    ]).toEqual(['bob', 'devs, system:authenticated', 'u', 'view', undefined]);
  });

  it('is asked only for what its user may do', async () => {
    const told = await get(`/apis/${GROUP}/v1/namespaces/default/gadgets/one`, { 'Impersonate-User': 'carol' });
    expect([told.code, (told.body as unknown as Status).message]).toEqual([
      403,
      'gadgets.gadgets.example.com "one" is forbidden: User "carol" cannot get resource "gadgets" in API group "gadgets.example.com" in the namespace "default"',
    ]);
    expect(extension.requests).toEqual([]);
  });

  it('is reached over HTTP/2 as well, by watches that end as it ends them', async () => {
    const session = connect(server.url, { ca: await readFile(server.certificateFile) });
    const stream = session.request({ ':path': `${GADGETS}?watch=true`, ...asAdmin });
    const [head] = (await once(stream, 'response')) as [Record<string, string>];
    const [event] = (await once(stream, 'data')) as [Buffer];
    expect([head[':status'], head['content-type'], JSON.parse(String(event)).type]).toEqual([200, 'application/json', 'ADDED']);
    stream.close();
    session.close();
    await once(session, 'close');
  });

  it('leaves its answers to be audited', async () => {
    await get(`${GADGETS}/one?audited`);
    const line = await untilAudited(`${GADGETS}/one?audited`);
    expect([line.verb, line.user.username, line.responseStatus?.code, line.objectRef]).toEqual([
      'get',
      'admin',
      200,
      { resource: 'gadgets', namespace: 'default', name: 'one', apiGroup: GROUP, apiVersion: 'v1' },
    ]);
  });

  it('is asked for the path that was authorized, however the client wrote it', async () => {
    await get(`${ROOT}/namespaces/default/gadgets/a%2Fb%20c%3fd?x=%2F`);
    expect(extension.requests.at(-1)?.url).toBe(`${ROOT}/namespaces/default/gadgets/a/b%20c%3Fd?x=%2F`);
  });

  it('may not send clients elsewhere', async () => {
    extension.answer = (_, response) => {
      response.writeHead(307, { location: 'https://elsewhere.example.com/' }).end();
      return true;
    };
    const told = await get(GADGETS);
    expect([told.code, told.headers['content-type'], told.headers.location, told.body]).toEqual([
      502,
      'text/plain; charset=utf-8',
      undefined,
      'the backend attempted to redirect this request, which is not permitted',
    ]);
  });

  it('may be left without an answer: its request is ended', async () => {
    const ended = new Promise<void>((resolve) => {
      extension.answer = (_, response) => {
        response.on('close', resolve);
        return true;
      };
    });
    const ca = await readFile(server.certificateFile);
    const asked = request(`${server.url}${GADGETS}`, { ca, agent: false, headers: asAdmin })
      .on('error', () => undefined)
      .end();
    while (extension.last(GADGETS) === undefined) await new Promise(setImmediate);
    asked.destroy();
    await ended;
  });

  it.each(['websocket', 'SPDY/3.1'])('takes over connections that leave HTTP for %s', async (protocol) => {
    extension.onUpgrade = (_, socket, head) => {
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\nX-Own: y\r\n\r\nhello `);
      socket.write(head);
      socket.pipe(socket);
    };
    const { answer, socket, head } = await upgrade(`${GADGETS}/one/exec`, protocol, {
      'X-Remote-User': 'root',
      'Sec-WebSocket-Key': 'a2V5',
    });
    expect([answer.statusCode, answer.headers.upgrade, answer.headers['x-own']]).toEqual([101, protocol, 'y']);
    socket.write('world');
    expect(await readUntil(socket, head, 'hello world'.length)).toBe('hello world');
    const { headers, httpVersion, client } = extension.last(`${GADGETS}/one/exec`) as ExtensionRequest;
    expect([httpVersion, client, headers.upgrade, headers['x-remote-user'], headers['sec-websocket-key']]).toEqual([
      '1.1',
      'front-proxy',
      protocol,
      'admin',
      'a2V5',
    ]);
    const closed = once(socket, 'close');
    socket.end();
    await closed;
  });

  it('is a WebSocket server to WebSocket clients', async () => {
    const sockets = new WebSocketServer({ noServer: true });
    sockets.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })));
    extension.onUpgrade = (asked, socket, head) => sockets.handleUpgrade(asked, socket, head, (made) => sockets.emit('connection', made));
    const ca = await readFile(server.certificateFile);
    const client = new WebSocket(`${server.url.replace('https', 'wss')}${GADGETS}/one/exec`, { ca, headers: asAdmin });
    await once(client, 'open');
    const text = 'x'.repeat(1 << 20);
    client.send(text);
    const [echo] = (await once(client, 'message')) as [Buffer];
    expect(echo.toString()).toBe(text);
    client.close();
    await once(client, 'close');
  });

  it('refuses connections that are to leave HTTP in its own words', async () => {
    extension.onUpgrade = (_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nno');
    const { answer } = await upgrade(`${GADGETS}/one/exec`, 'websocket');
    expect([answer.statusCode, await text(answer)]).toEqual([403, 'no']);
    extension.onUpgrade = (_, socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    const odd = await upgrade(`${GADGETS}/one/exec`, 'websocket');
    expect([odd.answer.statusCode, await text(odd.answer)]).toEqual([503, 'invalid upgrade response: status code 200\n']);
  });

  it('sees the certificate of the front proxy that is there now', async () => {
    const renewed = await issue([{ CN: ['renewed'] }], proxyRoot);
    for (const [file, content] of [
      ['proxy.crt', renewed.cert],
      ['proxy.key', renewed.key],
    ] as const)
      await writeFile(join(server.dir, file), content);
    while ((await get(`${GADGETS}/one`)).code === 200 && extension.last(`${GADGETS}/one`)?.client !== 'renewed')
      await new Promise(setImmediate);
    expect(extension.last(`${GADGETS}/one`)?.client).toBe('renewed');
  });
});

type AuditEvent = { verb: string; requestURI: string; user: { username: string }; responseStatus?: { code: number }; objectRef: object };

async function untilAudited(uri: string): Promise<AuditEvent> {
  for (;;) {
    const lines = (await readFile(join(server.dir, 'audit.log'), 'utf8')).split('\n').filter((line) => line.endsWith('}'));
    const found = lines.map((line) => JSON.parse(line) as AuditEvent).find(({ requestURI }) => requestURI === uri);
    if (found !== undefined) return found;
  }
}

function omit<T extends object>(object: T, key: keyof T): Omit<T, keyof T> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key)) as Omit<T, keyof T>;
}

async function upgrade(path: string, protocol: string, headers: object = {}) {
  const asked = request(`${server.url}${path}`, {
    ca: await readFile(server.certificateFile),
    agent: false,
    headers: { ...asAdmin, connection: 'Upgrade', upgrade: protocol, ...headers },
  }).end();
  return new Promise<{ answer: IncomingMessage; socket: Duplex; head: Buffer }>((resolve, reject) => {
    asked.on('error', reject);
    asked.once('upgrade', (answer, socket, head) => resolve({ answer, socket, head }));
    asked.once('response', (answer) => resolve({ answer, socket: answer.socket, head: Buffer.alloc(0) }));
  });
}

async function readUntil(socket: Duplex, head: Buffer, length: number): Promise<string> {
  let read = head;
  while (read.length < length) {
    const [piece] = (await once(socket, 'data')) as [Buffer];
    read = Buffer.concat([read, piece]);
  }
  return read.toString();
}

import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:http2';
import { request } from 'node:https';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type ExtensionRequest, ExtensionServer } from '@keelson/aggregator/testing';
import { type Credential, issue } from '@keelson/auth/testing';
import type { Json, KubeObject, Status } from '@keelson/machinery';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { TestApiServer, type Told } from './testing/test-api-server.js';

const GROUP = 'gadgets.example.com';
const ROOT = `/apis/${GROUP}/v1`;
const GADGETS = `${ROOT}/namespaces/default/gadgets`;
const API_SERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';
const MORTAL = { group: 'mortal.example.com', service: { namespace: 'default', name: 'mortals' } };
const asAdmin = { authorization: 'Bearer admin' };

let server: TestApiServer;
let extension: ExtensionServer;
let mortal: ExtensionServer;
let proxyRoot: Credential;

beforeAll(async () => {
  proxyRoot = await issue([{ CN: ['proxies'] }], undefined, 'ca');
  const proxy = await issue([{ CN: ['front-proxy'] }], proxyRoot);
  extension = await ExtensionServer.start({ group: GROUP, clientAuthority: proxyRoot.cert });
  mortal = await ExtensionServer.start(MORTAL);
  server = await TestApiServer.start(
    [
      `--service-dial-override=default/gadgets=${extension.address},default/mortals=${mortal.address}`,
      '--proxy-client-cert-file={dir}/proxy.crt',
      '--proxy-client-key-file={dir}/proxy.key',
      '--audit-policy-file={dir}/policy.yaml',
      '--audit-log-path={dir}/audit.log',
    ],
    {
      'policy.yaml': 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n  omitStages: [RequestReceived]\n',
      'proxy.crt': proxy.cert,
      'proxy.key': proxy.key,
      'tokens.csv': 'admin,admin,admin-uid,system:masters\nalice,alïce,alice-uid,"devs,ops"\n',
    },
  );
});
afterAll(async () => {
  await extension.kill();
  await mortal.kill();
  await server.stop();
});
beforeEach(() => {
  extension.answer = () => false;
  extension.requests.length = 0;
});

const send = (method: string, path: string, body?: object, headers: Readonly<Record<string, string | string[]>> = {}): Promise<Told> =>
  server.ask(path, { method, headers: { ...asAdmin, ...headers }, ...(body && { body: body as Json }) });
const get = (path: string, headers: Readonly<Record<string, string | string[]>> = {}) => send('GET', path, undefined, headers);

type Conditions = { status: { conditions?: { type: string; status: string; reason: string; message: string }[] } };

async function available(name: string): Promise<string> {
  const { body } = await get(`${API_SERVICES}/${name}`);
  const { status, reason, message } = (body as unknown as Conditions).status.conditions?.[0] ?? {};
  return `${status} ${reason}: ${message}`;
}

async function untilAvailable(name: string, expected: string): Promise<void> {
  while (!(await available(name)).startsWith(expected)) await new Promise(setImmediate);
}

async function register(apiService: { metadata: { name: string } }, expected = 'True Passed: all checks passed'): Promise<void> {
  expect((await send('POST', API_SERVICES, apiService)).code).toBe(201);
  await untilAvailable(apiService.metadata.name, expected);
}

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

describe('an extension server that ends', () => {
  const { group } = MORTAL;
  const gadgets = `/apis/${group}/v1/namespaces/default/gadgets`;

  it('ends its own watches and nothing else, and comes back by itself', async () => {
    await register(mortal.apiService());
    const watches = await Promise.all([open(`${gadgets}?watch=true`), open('/api/v1/namespaces?watch=true')]);
    const [own, other] = [watches[0].iterator(), watches[1].iterator()];
    expect(JSON.parse(String((await own.next()).value))).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'one' } } });
    expect(String((await other.next()).value)).toContain('ADDED');
    await mortal.kill();
    await expect(own.next()).rejects.toThrow('aborted');
    await untilAvailable(`v1.${group}`, 'False FailedDiscoveryCheck: failing or missing response from');
    expect(await available(`v1.${group}`)).toBe(
      `False FailedDiscoveryCheck: failing or missing response from https://${mortal.address}/apis/${group}/v1: Get "https://${mortal.address}/apis/${group}/v1": dial tcp ${mortal.address}: connect: connection refused`,
    );
    const told = await get(gadgets);
    expect([told.code, told.headers['content-type'], told.body]).toEqual([503, 'text/plain; charset=utf-8', 'service unavailable\n']);
    expect((await send('POST', '/api/v1/namespaces', { metadata: { name: 'goes-on' } })).code).toBe(201);
    expect(String((await other.next()).value)).toContain('goes-on');
    mortal = await ExtensionServer.start({ ...MORTAL, port: mortal.port });
    await send(
      'PATCH',
      `${API_SERVICES}/v1.${group}`,
      { spec: { caBundle: mortal.caBundle } },
      { 'content-type': 'application/merge-patch+json' },
    );
    await untilAvailable(`v1.${group}`, 'True Passed');
    expect((await get(gadgets)).code).toBe(200);
    for (const watch of watches) watch.destroy();
  });

  it('is there, but not believed, with a wrong certificate', async () => {
    const wrong = await issue([{ CN: ['wrong'] }], undefined, 'ca');
    const patch = { spec: { caBundle: Buffer.from(wrong.cert).toString('base64') } };
    await send('PATCH', `${API_SERVICES}/v1.${group}`, patch, { 'content-type': 'application/merge-patch+json' });
    await untilBody(
      gadgets,
      'error trying to reach service: tls: failed to verify certificate: x509: certificate signed by unknown authority\n',
    );
    expect(await available(`v1.${group}`)).toBe('True Passed: all checks passed');
    await send(
      'PATCH',
      `${API_SERVICES}/v1.${group}`,
      { spec: { caBundle: null, insecureSkipTLSVerify: true } },
      { 'content-type': 'application/merge-patch+json' },
    );
    while ((await get(gadgets)).code !== 200) await new Promise(setImmediate);
  });
});

type Group = {
  metadata: { name: string };
  versions: { version: string; freshness: string; resources: { resource: string; subresources?: object[] }[] }[];
};

const AGGREGATED = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };

/** What discovery tells of a group, all at once. */
async function discovered(group: string): Promise<Group | undefined> {
  const { body } = await get('/apis', AGGREGATED);
  return (body as unknown as { items: Group[] }).items.find(({ metadata }) => metadata.name === group);
}

async function untilDiscovered(group: string, freshness: string): Promise<Group> {
  for (;;) {
    const found = await discovered(group);
    if (found?.versions[0]?.freshness === freshness) return found;
    await new Promise(setImmediate);
  }
}

describe('discovery and OpenAPI', () => {
  const { group } = MORTAL;
  const gadgets = {
    resource: 'gadgets',
    scope: 'Namespaced',
    singularResource: 'gadget',
    verbs: ['create', 'get', 'list', 'watch'],
    shortNames: ['gd'],
  };
  const merge = { 'content-type': 'application/merge-patch+json' };
  const again = (spec: object) => send('PATCH', `${API_SERVICES}/v1.${group}`, { spec }, merge);

  it('tell of what an extension server serves, and go on when it does not answer', async () => {
    const subresources = [{ subresource: 'exec', responseKind: { group: '', version: '', kind: '' }, verbs: ['get'] }];
    const responseKind = { group: '', version: '', kind: 'Gadget' };
    const resources = [{ ...gadgets, responseKind, subresources }];
    expect((await untilDiscovered(group, 'Current')).versions).toEqual([{ version: 'v1', resources, freshness: 'Current' }]);
    await mortal.kill();
    expect((await untilDiscovered(group, 'Stale')).versions).toEqual([{ version: 'v1', resources, freshness: 'Stale' }]);
    const told = await get(`/apis/${group}`);
    expect(told.body).toEqual({
      kind: 'APIGroup',
      apiVersion: 'v1',
      name: group,
      versions: [{ groupVersion: `${group}/v1`, version: 'v1' }],
      preferredVersion: { groupVersion: `${group}/v1`, version: 'v1' },
    });
    expect((await get(`/apis/${group}/v1`)).code).toBe(503);
    mortal = await ExtensionServer.start({ ...MORTAL, port: mortal.port });
    mortal.discovery = 'legacy';
    mortal.openApi = 'v2';
    const current = await untilDiscovered(group, 'Current');
    expect(current.versions).toEqual([{ version: 'v1', resources: [{ ...gadgets, responseKind }], freshness: 'Current' }]);
  });

  it('rank it as its APIService says', async () => {
    const order = async () => ((await get('/apis')).body as unknown as { groups: { name: string }[] }).groups.map(({ name }) => name);
    expect((await order()).at(-1)).toBe(group);
    await again({ groupPriorityMinimum: 20_000 });
    while ((await order())[1] !== group) await new Promise(setImmediate);
    expect((await order())[0]).toBe('apiregistration.k8s.io');
    await again({ groupPriorityMinimum: 100 });
  });

  it('have its documents as it wrote them', async () => {
    await register(extension.apiService());
    const key = `apis/${GROUP}/v1`;
    const index = async () =>
      ((await get('/openapi/v3')).body as unknown as { paths: Record<string, { serverRelativeURL: string }> }).paths;
    while ((await index())[key]?.serverRelativeURL !== `/openapi/v3/${key}?hash=ABC`) await new Promise(setImmediate);
    const document = await get(`/openapi/v3/${key}?hash=ABC`);
    expect(document.body).toMatchObject({
      components: { schemas: { 'com.example.Gadget': { description: 'A gadget of an extension server.' } } },
    });
    expect((await index()).version?.serverRelativeURL).not.toContain('DEF');
    extension.requests.length = 0;
    const protobuf = await get(`/openapi/v3/${key}`, { accept: 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf' });
    expect([protobuf.code, String(protobuf.body).includes('A gadget of an extension server.')]).toEqual([200, true]);
    expect(extension.requests).toEqual([]);
  });

  it('have them beside those of this server, where they differ', async () => {
    const path = `/apis/${GROUP}/v1/gadgets`;
    type Document = {
      paths: Record<string, object>;
      definitions: Record<string, { description?: string; properties?: Record<string, Json> }>;
    };
    const document = async () => (await get('/openapi/v2')).body as unknown as Document;
    while ((await document()).paths[path] === undefined) await new Promise(setImmediate);
    const { definitions, paths } = await document();
    const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
    expect(definitions['com.example.Gadget']?.properties?.metadata).toEqual({ $ref: `#/definitions/${META}_v2` });
    expect(definitions[`${META}_v2`]?.description).toBe('Metadata of another release.');
    expect(definitions[META]?.description).not.toBe('Metadata of another release.');
    expect([definitions['com.example.Unused'], Object.keys(paths['/version/'] ?? {})]).toEqual([undefined, ['get']]);
    await send('DELETE', `${API_SERVICES}/v1.${GROUP}`);
    while ((await document()).paths[path] !== undefined) await new Promise(setImmediate);
  });

  it('are made of what older servers have', async () => {
    const key = `apis/${group}/v1`;
    const schema = async () => {
      const { body } = await get(`/openapi/v3/${key}`);
      return (body as unknown as { components?: { schemas: Record<string, object> } }).components?.schemas['com.example.Gadget'];
    };
    await again({ versionPriority: 11 });
    while ((await schema()) === undefined) await new Promise(setImmediate);
    expect(await schema()).toMatchObject({
      properties: { metadata: { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' } },
    });
  });
});

describe('an APIService', () => {
  const service = (name: string, spec: object) => send('POST', '/api/v1/namespaces/default/services', { metadata: { name }, spec });
  const of = (version: string, name: string) =>
    extension.apiService(version, { group: 'broken.example.com', service: { namespace: 'default', name, port: 443 } });
  const registered = (version: string, name: string, expected: string) =>
    register({ ...of(version, name), metadata: { name: `${version}.broken.example.com` } }, expected);

  it('says what is wrong with its service', async () => {
    const ports = [{ port: 443, name: 'https' }];
    await service('other-port', { ports: [{ port: 80 }] });
    await service('no-slices', { ports });
    await service('not-ready', { ports });
    const metadata = { name: 'not-ready', labels: { 'kubernetes.io/service-name': 'not-ready' } };
    const endpoints = [{ addresses: ['10.1.2.3'], conditions: { ready: false } }];
    const slice = { metadata, addressType: 'IPv4', endpoints, ports: [{ name: 'https', port: 8443 }] };
    expect((await send('POST', '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices', slice)).code).toBe(201);
    await service('outside', { type: 'ExternalName', externalName: 'nowhere.invalid' });
    await registered('v1', 'missing', 'False ServiceNotFound: service/missing in "default" is not present');
    await registered('v2', 'other-port', 'False ServicePortError: service/other-port in "default" is not listening on port 443');
    await registered('v3', 'no-slices', 'False EndpointsNotFound: cannot find endpointslices for service/no-slices in "default"');
    await registered(
      'v4',
      'not-ready',
      'False MissingEndpoints: endpointslices for service/not-ready in "default" have no addresses with port name "https"',
    );
    await registered('v5', 'outside', 'False FailedDiscoveryCheck: failing or missing response from https://nowhere.invalid:443/apis/');
    await service('missing', { ports: [{ port: 80 }] });
    await untilAvailable('v1.broken.example.com', 'False ServicePortError');
    expect(await scraped('aggregator_unavailable_apiservice{name="v1.broken.example.com"}')).toBe('1');
    expect(await scraped('aggregator_unavailable_apiservice{name="v1.apps"}')).toBe('0');
  });

  it('of what is served here is there at once, and stays where it belongs to a definition', async () => {
    expect(await available('v1.apps')).toBe('True Local: Local APIServices are always available');
    const names = { plural: 'cogs', kind: 'Cog' };
    const schema = { openAPIV3Schema: { type: 'object' } };
    const versions = [{ name: 'v1', served: true, storage: true, schema }];
    const definition = {
      metadata: { name: 'cogs.custom.example.com' },
      spec: { group: 'custom.example.com', scope: 'Namespaced', names, versions },
    };
    await send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
    const path = `${API_SERVICES}/v1.custom.example.com`;
    await untilAvailable('v1.custom.example.com', 'True Local');
    const made = (await get(path)).body as unknown as KubeObject & { spec: object };
    expect([made.metadata.labels, made.spec]).toEqual([
      { 'kube-aggregator.kubernetes.io/automanaged': 'true' },
      { group: 'custom.example.com', version: 'v1', groupPriorityMinimum: 1000, versionPriority: 100 },
    ]);
    await send('DELETE', path);
    while (((await get(path)).body as unknown as KubeObject).metadata.uid === undefined) await new Promise(setImmediate);
    expect(((await get(path)).body as unknown as KubeObject).metadata.uid).not.toBe(made.metadata.uid);
    await send('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/cogs.custom.example.com');
    while ((await get(path)).code !== 404) await new Promise(setImmediate);
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

async function open(path: string): Promise<IncomingMessage> {
  const asked = request(`${server.url}${path}`, { ca: await readFile(server.certificateFile), agent: false, headers: asAdmin }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return answer.on('error', () => undefined);
}

async function untilBody(path: string, expected: string): Promise<void> {
  while ((await get(path)).body !== expected) await new Promise(setImmediate);
}

async function scraped(series: string): Promise<string | undefined> {
  const lines = String((await get('/metrics')).body).split('\n');
  return lines.find((line) => line.startsWith(`${series} `))?.slice(series.length + 1);
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

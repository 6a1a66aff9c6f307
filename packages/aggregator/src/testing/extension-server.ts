import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { type Credential, issue } from '@keelson/auth/testing';

export interface ExtensionRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly httpVersion: string;
  /** CN of the client's certificate; '' when it showed none. */
  readonly client: string;
}

/** Answers a request, or leaves it to the server when it gives false. */
export type ExtensionAnswer = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;
export type OnUpgrade = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

export interface ExtensionServerOptions {
  /** @default true */
  readonly http2?: boolean;
  readonly group: string;
  readonly versions?: readonly string[];
  /** The service that it stands behind. */
  readonly service?: { readonly namespace: string; readonly name: string };
  /** PEM: who signed the certificates of clients. Absent: they are not asked for one. */
  readonly clientAuthority?: string;
  /** A free one when absent. */
  readonly port?: number;
}

/** A real extension server on the loopback interface, of a group with one kind of object: gadgets. */
export class ExtensionServer {
  readonly requests: ExtensionRequest[] = [];
  answer: ExtensionAnswer = () => false;
  /** How it tells of its resources: all at once, or by group-version only. */
  discovery: 'v2' | 'v2beta1' | 'legacy' = 'v2';
  /** Which documents it has. */
  openApi: 'v2 and v3' | 'v2' | 'none' = 'v2 and v3';
  onUpgrade: OnUpgrade = (_, socket) => socket.destroy();
  /** Of the service, and the loopback address. */
  readonly credential: Credential;
  readonly options: Required<Pick<ExtensionServerOptions, 'group' | 'versions' | 'service'>>;
  readonly port: number;
  readonly #server: Server | Http2SecureServer;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server | Http2SecureServer, credential: Credential, options: ExtensionServer['options']) {
    this.#server = server;
    this.credential = credential;
    this.options = options;
    this.port = (server.address() as AddressInfo).port;
  }

  static async start({ http2 = true, clientAuthority, port = 0, ...given }: ExtensionServerOptions): Promise<ExtensionServer> {
    const options = { versions: ['v1'], service: { namespace: 'default', name: 'gadgets' }, ...given };
    const { name, namespace } = options.service;
    const credential = await issue([{ CN: ['extension'] }], undefined, 'server', 1, [`${name}.${namespace}.svc`]);
    const clients = clientAuthority === undefined ? {} : { requestCert: true, rejectUnauthorized: false, ca: clientAuthority };
    const tls = { key: credential.key, cert: credential.cert, ...clients };
    const server = http2 ? createSecureServer({ ...tls, allowHTTP1: true }) : createServer(tls);
    await once(server.listen(port, '127.0.0.1'), 'listening');
    const made = new ExtensionServer(server, credential, options);
    server.on('connection', (socket: Socket) => {
      made.#sockets.add(socket);
      socket.once('close', () => made.#sockets.delete(socket)).on('error', () => undefined);
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void made.#receive(request, response));
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      made.#note(request);
      made.onUpgrade(request, socket, head);
    });
    server.on('sessionError', () => undefined);
    return made;
  }

  /** As an APIService has it. */
  get caBundle(): string {
    return Buffer.from(this.credential.cert).toString('base64');
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  apiService(version = 'v1', more: object = {}): { metadata: { name: string }; spec: object } {
    const { group, service } = this.options;
    const spec = {
      group,
      version,
      service: { ...service, port: 443 },
      groupPriorityMinimum: 100,
      versionPriority: 10,
      caBundle: this.caBundle,
    };
    return { metadata: { name: `${version}.${group}` }, spec: { ...spec, ...more } };
  }

  /** The last request whose path, without its query, is this one. */
  last(path: string): ExtensionRequest | undefined {
    return this.requests.findLast(({ url }) => url.split('?')[0] === path);
  }

  /** Ends at once, with every connection. */
  async kill(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #note({ method = '', url = '', headers, rawHeaders, httpVersion, socket }: IncomingMessage): void {
    const client = (socket as TLSSocket).getPeerCertificate?.().subject?.CN ?? '';
    this.requests.push({ method, url, headers, rawHeaders, httpVersion, client: String(client) });
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#note(request);
    response.on('error', () => undefined);
    if (await this.answer(request, response)) return;
    const { group, versions } = this.options;
    const [path = ''] = (request.url ?? '').split('?');
    if (path === '/apis' && this.discovery !== 'legacy') return this.#tellAll(request, response, this.discovery);
    if (path === '/openapi/v2' && this.openApi !== 'none') return json(response, 200, openApiV2(group, versions));
    if (path.startsWith('/openapi/v3') && this.openApi === 'v2 and v3') return this.#tellOpenApi(path, response);
    for (const version of versions) {
      if (path === `/apis/${group}/${version}`) return json(response, 200, resourceList(group, version));
      if (path.startsWith(`/apis/${group}/${version}/`)) return this.#gadgets(request, response, version);
    }
    json(response, 404, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason: 'NotFound', code: 404 });
  }

  #tellAll({ headers }: IncomingMessage, response: ServerResponse, version: 'v2' | 'v2beta1'): void {
    const { group, versions } = this.options;
    const etag = `"${version} ${versions.join(' ')}"`;
    if (headers['if-none-match'] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    const items = [
      {
        metadata: { name: group },
        versions: versions.map((one) => ({ version: one, resources: [discoveredGadgets], freshness: 'Current' })),
      },
    ];
    const type = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
    const list = { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items };
    response.writeHead(200, { 'content-type': type, etag }).end(JSON.stringify(list));
  }

  #tellOpenApi(path: string, response: ServerResponse): void {
    const { group, versions } = this.options;
    const keys = versions.map((version) => `apis/${group}/${version}`);
    const key = path.slice('/openapi/v3/'.length);
    const paths = Object.fromEntries(keys.map((one) => [one, { serverRelativeURL: `/openapi/v3/${one}?hash=ABC` }]));
    const index = { paths: { ...paths, version: { serverRelativeURL: '/openapi/v3/version?hash=DEF' } } };
    json(response, 200, keys.includes(key) ? openApiV3(group, key.split('/').at(-1) ?? '') : index);
  }

  async #gadgets(request: IncomingMessage, response: ServerResponse, version: string): Promise<void> {
    const apiVersion = `${this.options.group}/${version}`;
    if (request.method !== 'GET') return json(response, 201, JSON.parse(await text(request)));
    const gadget = { apiVersion, kind: 'Gadget', metadata: { name: 'one', namespace: 'default', resourceVersion: '1' } };
    if (!request.url?.includes('watch=')) {
      const isList = request.url?.split('?')[0]?.endsWith('/gadgets');
      return json(response, 200, isList ? { apiVersion, kind: 'GadgetList', metadata: { resourceVersion: '1' }, items: [gadget] } : gadget);
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(`${JSON.stringify({ type: 'ADDED', object: gadget })}\n`);
  }
}

function json(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const VERBS = ['create', 'get', 'list', 'watch'];
const discoveredGadgets = {
  resource: 'gadgets',
  responseKind: { group: '', version: '', kind: 'Gadget' },
  scope: 'Namespaced',
  singularResource: 'gadget',
  verbs: VERBS,
  shortNames: ['gd'],
  subresources: [{ subresource: 'exec', responseKind: null, verbs: ['get'] }],
};

/** A gadget, and a type of Kubernetes that is not as it is in other releases. */
function schemas(group: string, version: string, prefix: string): object {
  return {
    'com.example.Gadget': {
      description: 'A gadget of an extension server.',
      type: 'object',
      properties: {
        size: { type: 'integer', format: 'int32', description: 'How large it is.' },
        metadata: { $ref: `${prefix}io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta` },
      },
      'x-kubernetes-group-version-kind': [{ group, version, kind: 'Gadget' }],
    },
    'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta': { description: 'Metadata of another release.', type: 'object' },
  };
}

const info = { title: 'Gadgets', version: 'v1' };

function openApiV2(group: string, versions: readonly string[]): object {
  const kind = (version: string) => ({ group, version, kind: 'Gadget' });
  const operation = (version: string) => ({
    get: {
      operationId: `listGadgets${version}`,
      produces: ['application/json'],
      parameters: [{ name: 'limit', in: 'query', type: 'integer', uniqueItems: true }],
      responses: { 200: { description: 'OK', schema: { $ref: '#/definitions/com.example.Gadget' } } },
      'x-kubernetes-group-version-kind': kind(version),
    },
  });
  const paths = Object.fromEntries(versions.map((version) => [`/apis/${group}/${version}/gadgets`, operation(version)]));
  const definitions = { ...schemas(group, versions[0] ?? '', '#/definitions/'), 'com.example.Unused': { type: 'string' } };
  return { swagger: '2.0', info, paths: { ...paths, '/version/': { get: { responses: {} } } }, definitions };
}

function openApiV3(group: string, version: string): object {
  const path = { get: { operationId: 'listGadgets', 'x-kubernetes-group-version-kind': { group, version, kind: 'Gadget' } } };
  return {
    openapi: '3.0.0',
    info,
    paths: { [`/apis/${group}/${version}/gadgets`]: path },
    components: { schemas: schemas(group, version, '#/components/schemas/') },
  };
}

function resourceList(group: string, version: string): object {
  const gadgets = { name: 'gadgets', singularName: 'gadget', namespaced: true, kind: 'Gadget', verbs: VERBS, shortNames: ['gd'] };
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: `${group}/${version}`, resources: [gadgets] };
}

import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type ClientHttp2Session, connect } from 'node:http2';
import { Agent, request } from 'node:https';
import type { Readable } from 'node:stream';
import type { KubeObject, Status } from '@keelson/machinery';
import { authority } from '../http/testing/certificates.js';
import { WatchReader } from './watch-reader.js';

export type Headers = Readonly<Record<string, string>>;
export type Body = object | string | Buffer;

/** A response whose body is still to be read. */
export interface OpenResponse {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
  /** Breaks the connection or stream off. */
  abort(): void;
}

/** A response, read to its end. */
export class Answer {
  constructor(
    readonly code: number,
    readonly headers: IncomingHttpHeaders,
    readonly bytes: Buffer,
  ) {}

  get text(): string {
    return this.bytes.toString();
  }

  json<T = KubeObject>(): T {
    return JSON.parse(this.text) as T;
  }

  /** As an error: its code, reason and message. */
  get failure(): string {
    const { code, reason, message } = this.json<Status>();
    return `${code} ${reason ?? ''}: ${message}`;
  }
}

/** Sends one request; what HTTP/1.1 and HTTP/2 do differently. */
interface Transport {
  send(method: string, path: string, headers: Headers, body: Buffer | undefined): Promise<OpenResponse>;
  close(): void;
}

/** A client of the API as tests need one: every verb, nothing interpreted. */
export class ApiClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** `ca`: of a server that is not this package's own. */
  static http1(port: number, ca: string = authority): ApiClient {
    return new ApiClient(new Http1Transport(port, ca));
  }

  static async http2(port: number): Promise<ApiClient> {
    const session = connect(`https://127.0.0.1:${port}`, { ca: authority });
    session.on('error', () => undefined);
    await once(session, 'connect');
    return new ApiClient(new Http2Transport(session));
  }

  get(path: string, headers: Headers = {}): Promise<Answer> {
    return this.ask('GET', path, undefined, headers);
  }

  post(path: string, body: Body, headers: Headers = {}): Promise<Answer> {
    return this.ask('POST', path, body, headers);
  }

  put(path: string, body: Body, headers: Headers = {}): Promise<Answer> {
    return this.ask('PUT', path, body, headers);
  }

  /** `kind`: the patch type, such as `merge-patch+json`. */
  patch(path: string, kind: string, body: Body, headers: Headers = {}): Promise<Answer> {
    return this.ask('PATCH', path, body, { 'content-type': `application/${kind}`, ...headers });
  }

  delete(path: string, body?: Body, headers: Headers = {}): Promise<Answer> {
    return this.ask('DELETE', path, body, headers);
  }

  async ask(method: string, path: string, body?: Body, headers: Headers = {}): Promise<Answer> {
    const response = await this.open(method, path, body, headers);
    return new Answer(response.code, response.headers, Buffer.concat(await response.body.toArray()));
  }

  open(method: string, path: string, body?: Body, headers: Headers = {}): Promise<OpenResponse> {
    const bytes =
      body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const type = bytes === undefined ? {} : { 'content-type': 'application/json' };
    return this.#transport.send(method, path, { 'user-agent': 'tester/1.0', ...type, ...headers }, bytes);
  }

  /** Opens a watch; `path` with its query. */
  async watch(path: string, headers: Headers = {}): Promise<WatchReader> {
    return new WatchReader(await this.open('GET', path, undefined, headers));
  }

  close(): void {
    this.#transport.close();
  }
}

class Http1Transport implements Transport {
  readonly #port: number;
  readonly #agent: Agent;

  constructor(port: number, ca: string) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, ca });
  }

  async send(method: string, path: string, headers: Headers, body: Buffer | undefined): Promise<OpenResponse> {
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const sent = request({ host: '127.0.0.1', port: this.#port, path, method, headers: { ...headers, ...length }, agent: this.#agent });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.on('error', () => undefined);
    return { code: response.statusCode ?? 0, headers: response.headers, body: response, abort: () => sent.destroy() };
  }

  close(): void {
    this.#agent.destroy();
  }
}

class Http2Transport implements Transport {
  readonly #session: ClientHttp2Session;

  constructor(session: ClientHttp2Session) {
    this.#session = session;
  }

  async send(method: string, path: string, headers: Headers, body: Buffer | undefined): Promise<OpenResponse> {
    const stream = this.#session.request({ ':method': method, ':path': path, ...headers }, { endStream: body === undefined });
    if (body !== undefined) stream.end(body);
    const [answered] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }];
    stream.on('error', () => undefined);
    return { code: answered[':status'], headers: answered, body: stream, abort: () => stream.destroy() };
  }

  close(): void {
    this.#session.destroy();
  }
}

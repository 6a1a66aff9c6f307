import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { authorityOf, type DialAddress } from '@keelson/machinery';
import type { ProxiedAnswer } from '@keelson/server';
import type { BackendConnection, BackendRequest, OnConnectionEnd } from './backend-request.js';

/** A server that has not answered one ping when the next is due is dead: noticed within twice this time. */
const PING_MS = 4_000;
/** What the server may send ahead of a slow reader, by stream and in all. */
const STREAM_WINDOW_BYTES = 1 << 20;
const CONNECTION_WINDOW_BYTES = 16 << 20;

/** A connection that speaks HTTP/2, with a heartbeat. */
export class Http2Connection implements BackendConnection {
  readonly #session: ClientHttp2Session;
  readonly #heartbeat: NodeJS.Timeout;
  #open = 0;
  #pinged = false;
  #leaving = false;
  #lost = false;

  /** `pingMs`: how often it is asked for a sign of life. */
  constructor(socket: TLSSocket, address: DialAddress, onEnd: OnConnectionEnd, pingMs = PING_MS) {
    this.#session = connect(`https://${authorityOf(address)}`, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES },
    });
    this.#heartbeat = setInterval(() => this.#ping(), pingMs).unref();
    this.#session.once('connect', () => this.#session.setLocalWindowSize(CONNECTION_WINDOW_BYTES));
    this.#session.once('goaway', () => {
      this.#leaving = true;
    });
    this.#session.on('error', () => {
      this.#lost = true;
    });
    this.#session.once('close', () => {
      clearInterval(this.#heartbeat);
      // Ended by the other side without a word.
      if (!this.#leaving) this.#lost = true;
      onEnd(this);
    });
  }

  get usable(): boolean {
    const { closed, destroyed, remoteSettings } = this.#session;
    return !this.#leaving && !closed && !destroyed && this.#open < (remoteSettings?.maxConcurrentStreams ?? 100);
  }

  get idle(): boolean {
    return this.#open === 0;
  }

  get lost(): boolean {
    return this.#lost || this.#session.destroyed;
  }

  send({ method, path, headers, body, signal }: BackendRequest): Promise<ProxiedAnswer> {
    const { host, ...rest } = headers;
    const head = { ...rest, ':method': method, ':path': path, ':scheme': 'https', ':authority': String(host) };
    const stream = this.#session.request(head, { endStream: body === undefined, signal });
    this.#open++;
    stream.once('close', () => this.#open--);
    body?.pipe(stream);
    return answerOf(stream);
  }

  close(): void {
    this.#leaving = true;
    this.#session.close();
  }

  #ping(): void {
    if (this.#session.destroyed) return;
    if (this.#pinged) {
      this.#session.destroy(new Error('http2: client connection lost'));
      return;
    }
    this.#pinged = true;
    this.#session.ping(() => {
      this.#pinged = false;
    });
  }
}

function answerOf(stream: ClientHttp2Stream): Promise<ProxiedAnswer> {
  return new Promise((resolve, reject) => {
    stream.on('error', reject);
    stream.once('close', () => reject(new Error('unexpected EOF')));
    stream.once('response', (headers: IncomingHttpHeaders) =>
      resolve({ code: Number(headers[':status']), headers, body: stream, isWhole: () => !stream.aborted && !stream.rstCode }),
    );
  });
}

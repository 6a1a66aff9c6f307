import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';

export interface Answer {
  readonly status: number;
  /** Of the body. */
  readonly bytes: number;
  /** The body as far as it was asked for. */
  readonly body: Buffer;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const NEWLINE = 10;

/**
 * One HTTP/1.1 connection that sends requests made beforehand and counts what comes back. Written out because Node's
 * client costs several times what the server does, and both share the machine.
 */
export class HttpLane {
  readonly #socket: TLSSocket;
  #keptBytes = 0;
  #head: Buffer = Buffer.alloc(0);
  #inBody = false;
  #chunked = false;
  /** Of the body, or of the chunk with its line end. */
  #left = 0;
  #chunkLine = '';
  #status = 0;
  #bytes = 0;
  #kept: Buffer[] = [];
  #answered: (answer: Answer) => void = () => undefined;
  #failed: (error: Error) => void = () => undefined;
  /** Told that an answer begins. */
  onHead: (() => void) | undefined;
  /** Receives the body of the answer as it comes. */
  onBody: ((part: Buffer) => void) | undefined;

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on('data', (data) => this.#take(data));
    socket.on('error', (error) => this.#failed(error));
    socket.on('close', () => this.#failed(new Error('the server closed the connection')));
  }

  static async open(url: URL): Promise<HttpLane> {
    const socket = connect({ host: url.hostname, port: Number(url.port), rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
    await once(socket, 'secureConnect');
    socket.setNoDelay(true);
    return new HttpLane(socket);
  }

  /** Keeps up to `keepBytes` of the answer's body. */
  ask(request: Buffer, keepBytes = 0): Promise<Answer> {
    this.#keptBytes = keepBytes;
    this.#kept = [];
    this.#bytes = 0;
    if (this.#socket.destroyed) return Promise.reject(new Error('the server has closed an idle connection'));
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#failed = () => undefined;
    this.#socket.destroy();
  }

  #take(data: Buffer): void {
    let rest = data;
    while (rest.length > 0) rest = this.#inBody ? this.#takeBody(rest) : this.#takeHead(rest);
  }

  #takeHead(data: Buffer): Buffer {
    const all = this.#head.length === 0 ? data : Buffer.concat([this.#head, data]);
    const end = all.indexOf(HEAD_END);
    if (end < 0) {
      this.#head = all;
      return Buffer.alloc(0);
    }
    this.#head = Buffer.alloc(0);
    const head = all.toString('latin1', 0, end);
    this.#status = Number(head.slice(9, 12));
    this.#chunked = /\r\ntransfer-encoding: *chunked/i.test(head);
    this.#left = this.#chunked ? 0 : Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    this.#chunkLine = '';
    this.#inBody = true;
    this.onHead?.();
    if (!this.#chunked && this.#left === 0) this.#end();
    return all.subarray(end + 4);
  }

  #takeBody(data: Buffer): Buffer {
    if (this.#chunked && this.#left === 0) return this.#takeChunkLine(data);
    const taken = Math.min(this.#left, data.length);
    this.#left -= taken;
    // The last two bytes of a chunk are its line end.
    const payload = data.subarray(0, this.#chunked ? Math.max(0, taken - Math.max(0, 2 - this.#left)) : taken);
    if (payload.length > 0) this.#count(payload);
    if (!this.#chunked && this.#left === 0) this.#end();
    return data.subarray(taken);
  }

  #takeChunkLine(data: Buffer): Buffer {
    const end = data.indexOf(NEWLINE);
    this.#chunkLine += data.toString('latin1', 0, end < 0 ? data.length : end);
    if (end < 0) return Buffer.alloc(0);
    const line = this.#chunkLine.trim();
    this.#chunkLine = '';
    if (line === '')
      this.#end(); // behind the last chunk
    else if (line !== '0') this.#left = Number.parseInt(line, 16) + 2;
    return data.subarray(end + 1);
  }

  #count(payload: Buffer): void {
    this.#bytes += payload.length;
    this.onBody?.(payload);
    if (this.#keptBytes <= 0) return;
    const kept = payload.subarray(0, this.#keptBytes);
    this.#kept.push(Buffer.from(kept));
    this.#keptBytes -= kept.length;
  }

  #end(): void {
    this.#inBody = false;
    this.#answered({ status: this.#status, bytes: this.#bytes, body: Buffer.concat(this.#kept) });
  }
}

import type { Duplex } from 'node:stream';
import { type ControlFrame, controlFrame, dataFrames, FIN, FrameType, readFrames } from './frames.js';
import { HeaderCodec, type SpdyHeaders } from './header-codec.js';
import { SpdyStream } from './spdy-stream.js';

/** RST_STREAM: whoever has opened the stream does not want it any more. */
const CANCEL = 5;
const STREAM_ID = 0x7fff_ffff;
const FIRST_BYTES = { client: 1, server: 2 } as const;

export interface SpdyOptions {
  readonly role: 'client' | 'server';
  /** Told of streams that the other side opens, which are accepted. */
  onStream?(stream: SpdyStream): void;
}

/**
 * SPDY/3.1 over a connection that has left HTTP, as far as kubelets and their clients use it: no priorities, no push, and, as
 * with them, no flow control of single streams: a stream that nobody reads stops all.
 */
export class SpdyConnection {
  /** Fulfilled when the connection has ended, however. */
  readonly whenClosed: Promise<void>;
  readonly #socket: Duplex;
  readonly #headers = new HeaderCodec();
  readonly #streams = new Map<number, SpdyStream>();
  readonly #options: SpdyOptions;
  readonly #opening = new Map<number, { readonly resolve: () => void; readonly reject: (error: Error) => void }>();
  #nextId: number;
  #nextPing: number;
  /** Header blocks leave in the order in which they were compressed. */
  #sending: Promise<unknown> = Promise.resolve();

  /** `head`: what came on the socket already. */
  constructor(socket: Duplex, head: Buffer, options: SpdyOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#nextId = FIRST_BYTES[options.role];
    this.#nextPing = FIRST_BYTES[options.role];
    // Its end is told by the loop that reads it.
    socket.on('error', () => undefined);
    if (head.length > 0) socket.unshift(head);
    this.whenClosed = this.#read().finally(() => this.#end());
  }

  /** Resolves when the other side has accepted it. */
  async open(headers: SpdyHeaders): Promise<SpdyStream> {
    if (this.#socket.destroyed) throw closed();
    const id = this.#nextId;
    this.#nextId += 2;
    const stream = new SpdyStream(id, headers, this.#owner);
    this.#streams.set(id, stream);
    const accepted = new Promise<void>((resolve, reject) => this.#opening.set(id, { resolve, reject }));
    const sent = this.#sendHeaders(headers, (block) => controlFrame(FrameType.synStream, 0, id, 0, Buffer.alloc(2), block));
    // The connection may end before this has left.
    await Promise.all([accepted, sent]);
    return stream;
  }

  /** Keeps what is in between from giving up a connection on which nothing is said. */
  ping(): void {
    this.#socket.write(controlFrame(FrameType.ping, 0, this.#nextPing));
    this.#nextPing += 2;
  }

  close(): void {
    this.#socket.end(controlFrame(FrameType.goAway, 0, 0, 0), () => this.#socket.destroy());
  }

  destroy(): void {
    this.#socket.destroy();
  }

  readonly #owner = {
    send: (id: number, chunk: Buffer, fin: boolean, done: (error?: Error | null) => void) => {
      if (this.#socket.destroyed) return done(closed());
      this.#socket.cork();
      for (const [head, body] of dataFrames(id, chunk, fin)) {
        this.#socket.write(head);
        this.#socket.write(body);
      }
      // The writer of this stream waits until it has left, whatever others have to say.
      this.#socket.write(Buffer.alloc(0), done);
      this.#socket.uncork();
    },
    forget: (id: number, reset: boolean) => {
      this.#streams.delete(id);
      if (reset && !this.#socket.destroyed) this.#socket.write(controlFrame(FrameType.reset, 0, id, CANCEL));
    },
  };

  async #read(): Promise<void> {
    try {
      for await (const frame of readFrames(this.#socket)) {
        if (frame.type === undefined) await this.#streams.get(frame.streamId)?.receive(frame.body, frame.fin);
        else await this.#handle(frame);
      }
    } catch {
      // A connection that breaks, or says what it may not, has ended.
    }
  }

  async #handle({ type, flags, body }: ControlFrame): Promise<void> {
    if (type === FrameType.ping && body.length >= 4) return this.#answerPing(body.readUInt32BE());
    if (body.length < 4) return;
    const id = body.readUInt32BE() & STREAM_ID;
    if (type === FrameType.synStream) await this.#accept(id, await this.#headers.decode(body.subarray(10)), flags);
    else if (type === FrameType.synReply) await this.#accepted(id, await this.#headers.decode(body.subarray(4)), flags);
    else if (type === FrameType.headers) await this.#headers.decode(body.subarray(4));
    else if (type === FrameType.reset) this.#refused(id);
  }

  #answerPing(id: number): void {
    const isOwn = id % 2 === FIRST_BYTES[this.#options.role] % 2;
    if (!isOwn) this.#socket.write(controlFrame(FrameType.ping, 0, id));
  }

  async #accept(id: number, headers: SpdyHeaders, flags: number): Promise<void> {
    const stream = new SpdyStream(id, headers, this.#owner);
    this.#streams.set(id, stream);
    await this.#sendHeaders({}, (block) => controlFrame(FrameType.synReply, 0, id, block));
    if ((flags & FIN) !== 0) stream.endReading();
    this.#options.onStream?.(stream);
  }

  async #accepted(id: number, _: SpdyHeaders, flags: number): Promise<void> {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    this.#opening.get(id)?.resolve();
    this.#opening.delete(id);
    if ((flags & FIN) !== 0) stream.endReading();
  }

  #refused(id: number): void {
    this.#opening.get(id)?.reject(new Error('the SPDY stream was refused'));
    this.#opening.delete(id);
    this.#streams.get(id)?.endReading();
  }

  #sendHeaders(headers: SpdyHeaders, frame: (block: Buffer) => Buffer): Promise<void> {
    const sent = this.#sending.then(async () => void this.#socket.write(frame(await this.#headers.encode(headers))));
    this.#sending = sent.catch(() => undefined);
    return sent;
  }

  #end(): void {
    this.#socket.destroy();
    this.#headers.close();
    for (const { reject } of this.#opening.values()) reject(closed());
    for (const stream of [...this.#streams.values()]) stream.endReading();
  }
}

function closed(): Error {
  return new Error('the SPDY connection is closed');
}

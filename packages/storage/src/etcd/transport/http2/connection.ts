import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { CallError } from '../transport.js';
import { lost, malformed, notProcessed, resetByPeer } from './call-errors.js';
import { type FrameHandler, FrameReader } from './frame-reader.js';
import { checkStreamOf, lastStreamOf, protocolError, sized } from './frame-rules.js';
import { FrameWriter } from './frame-writer.js';
import { type HeaderBlock, HeaderBlocks, MAX_BLOCK_BYTES } from './header-blocks.js';
import { Keepalive } from './keepalive.js';
import { MessageError } from './message-reader.js';
import { readSettings } from './peer-settings.js';
import { ConnectionError, DEFAULT_WINDOW, ErrorCode, Flag, FrameType, MAX_STREAM_ID, PREFACE, Setting } from './protocol.js';
import type { RequestHeaders } from './request-headers.js';
import { ResponseFieldsDecoder } from './response-fields.js';
import { hasMore, SendQueue } from './send-queue.js';
import { SocketWriter } from './socket-writer.js';
import type { CallConnection, UnaryCall } from './unary-call.js';

/** What may be on its way to here, over the connection and on each stream: enough for a page of a list. */
const WINDOW_BYTES = 4 * 1024 * 1024;
const PING_BYTES = 8;
const PING = Buffer.alloc(PING_BYTES);

export interface ConnectionOptions {
  readonly endpoint: string;
  readonly headers: RequestHeaders;
  /** That of the first stream. @default 1 */
  readonly firstStreamId?: number;
  /** There may be room for calls that had to wait. */
  readonly onRoom: () => void;
  /** No more calls are taken; those that run may go on. Called once. */
  readonly onRetired: (connection: Http2Connection) => void;
}

/** The client's side of one connection of HTTP/2 (RFC 9113), as far as unary calls of gRPC need it. */
export class Http2Connection implements CallConnection {
  /** Resolves when the peer has said its settings: then it has accepted this client, whose certificate it may not have liked. */
  readonly opened: Promise<void>;
  readonly #socket: Duplex;
  readonly #options: ConnectionOptions;
  readonly #reader: FrameReader;
  readonly #frames = new FrameWriter();
  readonly #writer: SocketWriter;
  readonly #queue = new SendQueue(this.#frames);
  readonly #blocks = new HeaderBlocks();
  readonly #headers = new ResponseFieldsDecoder();
  readonly #trailers = new ResponseFieldsDecoder();
  readonly #streams = new Map<number, UnaryCall>();
  readonly #keepalive: Keepalive;
  #settle: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  #nextStreamId: number;
  #maxStreams = Number.POSITIVE_INFINITY;
  /** Data that came since the peer was last given more room. */
  #receivedBytes = 0;
  #retired = false;
  #over = false;

  /** `socket` is connected, and nothing was read from it. */
  constructor(socket: Duplex, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#nextStreamId = options.firstStreamId ?? 1;
    this.opened = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    const handler: FrameHandler = { data: (...args) => this.#data(...args), frame: (...args) => this.#frame(...args) };
    this.#reader = new FrameReader(handler);
    this.#writer = new SocketWriter(socket, this.#frames, { onFlushed: () => this.#flushed(), onError: (error) => this.destroy(error) });
    this.#keepalive = new Keepalive({
      active: () => this.#streams.size > 0,
      ping: () => this.#ping(PING, 0),
      dead: () => this.destroy(new Error('the peer gives no sign of life')),
    });
    socket.on('data', (piece: Buffer) => this.#read(piece));
    socket.on('error', (error) => this.destroy(error));
    socket.on('end', () => this.destroy(new Error('the peer closed it')));
    socket.on('close', () => this.destroy(new Error('it was closed')));
    this.#greet();
  }

  get isRetired(): boolean {
    return this.#retired;
  }

  get hasRoom(): boolean {
    return !this.#retired && !this.#writer.full && this.#streams.size < this.#maxStreams;
  }

  /** Only while it has room. */
  start(call: UnaryCall): void {
    const { path, timeoutMs } = call.request;
    call.connection = this;
    call.streamId = this.#nextStreamId;
    this.#nextStreamId += 2;
    if (this.#streams.size === 0) this.#busy();
    this.#streams.set(call.streamId, call);
    this.#frames.headers(call.streamId, this.#options.headers.block(path, timeoutMs));
    this.#queue.start(call);
    this.#writer.schedule();
    if (this.#nextStreamId > MAX_STREAM_ID) this.retire();
  }

  abort(call: UnaryCall, error: CallError): void {
    this.#frames.resetStream(call.streamId, ErrorCode.CANCEL);
    this.#writer.schedule();
    this.#remove(call);
    call.fail(error);
  }

  /** Takes no more calls, and ends with the last one that runs. */
  retire(): void {
    if (this.#retired) return;
    this.#retired = true;
    this.#options.onRetired(this);
    if (this.#streams.size === 0) this.destroy(new Error('it is not needed any more'));
  }

  /** Ends the connection and what runs on it. */
  destroy(reason: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#keepalive.stop();
    this.#frames.goAway(reason instanceof ConnectionError ? reason.code : ErrorCode.NO_ERROR);
    this.#writer.flush();
    this.#socket.destroy();
    this.retire();
    this.#settle?.reject(reason);
    const calls = [...this.#streams.values()];
    this.#streams.clear();
    for (const call of calls) call.fail(lost(this.#options.endpoint, reason));
  }

  #greet(): void {
    this.#frames.raw(PREFACE);
    this.#frames.settings([
      [Setting.HEADER_TABLE_SIZE, 0],
      [Setting.ENABLE_PUSH, 0],
      [Setting.INITIAL_WINDOW_SIZE, WINDOW_BYTES],
      [Setting.MAX_HEADER_LIST_SIZE, MAX_BLOCK_BYTES],
    ]);
    this.#frames.windowUpdate(0, WINDOW_BYTES - DEFAULT_WINDOW);
    this.#writer.flush();
  }

  #read(piece: Buffer): void {
    if (this.#over) return;
    this.#keepalive.heard();
    try {
      this.#reader.push(piece);
    } catch (error) {
      // Whatever it is: what follows cannot be understood any more.
      this.destroy(error as Error);
    }
    if (this.#frames.bytes > 0) this.#writer.schedule();
  }

  #flushed(): void {
    if (this.#over) return;
    this.#queue.flushed(this.#writer.full);
    if (this.#frames.bytes > 0) this.#writer.schedule();
    this.#options.onRoom();
  }

  #data(streamId: number, bytes: Buffer, counted: number, endsStream: boolean): void {
    this.#beginFrame(FrameType.DATA, streamId);
    this.#receivedBytes = this.#credit(0, this.#receivedBytes + counted);
    const call = this.#streamOf(streamId);
    if (call === undefined) return;
    try {
      call.data(bytes, endsStream);
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      this.abort(call, malformed(error));
      return;
    }
    if (endsStream) this.#finish(call);
    else call.receivedBytes = this.#credit(streamId, call.receivedBytes + counted);
  }

  /** Gives the peer more room when half of it is used up (RFC 9113, 5.2); returns what remains to be given. */
  #credit(streamId: number, receivedBytes: number): number {
    if (receivedBytes < WINDOW_BYTES / 2) return receivedBytes;
    this.#frames.windowUpdate(streamId, receivedBytes);
    return 0;
  }

  #frame(type: number, flags: number, streamId: number, payload: Buffer): void {
    this.#beginFrame(type, streamId);
    switch (type) {
      case FrameType.HEADERS:
        this.#block(this.#blocks.headers(flags, streamId, payload));
        break;
      case FrameType.CONTINUATION:
        this.#block(this.#blocks.continuation(flags, payload));
        break;
      case FrameType.RST_STREAM:
        this.#resetStream(streamId, sized(payload, 4).readUInt32BE(0));
        break;
      case FrameType.SETTINGS:
        if ((flags & Flag.ACK) !== 0) sized(payload, 0);
        else this.#settings(payload);
        break;
      case FrameType.PUSH_PROMISE:
        throw protocolError('a push, which was not allowed');
      case FrameType.PING:
        sized(payload, PING_BYTES);
        if ((flags & Flag.ACK) === 0) this.#ping(payload, Flag.ACK);
        break;
      case FrameType.GOAWAY:
        this.#goAway(payload);
        break;
      case FrameType.WINDOW_UPDATE:
        this.#widen(streamId, sized(payload, 4).readUInt32BE(0) & 0x7fffffff);
        break;
      // Others may be ignored (RFC 9113, 4.1 and 5.3.2).
    }
  }

  /** Where a frame of a type may come, and on which streams (RFC 9113, 3.4, 4.3 and 6). */
  #beginFrame(type: number, streamId: number): void {
    if (this.#settle !== undefined && type !== FrameType.SETTINGS) throw protocolError('no settings to begin with');
    this.#blocks.check(type, streamId);
    checkStreamOf(type, streamId);
  }

  #block(block: HeaderBlock | undefined): void {
    const call = block && this.#streamOf(block.streamId);
    if (block === undefined || call === undefined) return;
    call.fields((block.endsStream ? this.#trailers : this.#headers).decode(block.bytes), block.endsStream);
    if (block.endsStream) this.#finish(call);
  }

  #resetStream(streamId: number, code: number): void {
    const call = this.#streamOf(streamId);
    if (call === undefined) return;
    this.#remove(call);
    call.fail(resetByPeer(code));
  }

  #settings(payload: Buffer): void {
    for (const [setting, value] of readSettings(payload)) this.#set(setting, value);
    this.#frames.settingsAck();
    this.#settle?.resolve();
    if (this.#settle !== undefined) this.#idle();
    this.#settle = undefined;
    this.#options.onRoom();
  }

  #set(setting: number, value: number): void {
    if (setting === Setting.MAX_CONCURRENT_STREAMS) this.#maxStreams = value;
    if (setting === Setting.INITIAL_WINDOW_SIZE) this.#queue.setStreamWindow(value, this.#streams.values());
  }

  /** RFC 9113, 6.8: what the peer has not taken, it will not take any more. */
  #goAway(payload: Buffer): void {
    const last = lastStreamOf(payload);
    const notTaken = [...this.#streams.values()].filter((call) => call.streamId > last);
    this.retire();
    for (const call of notTaken) this.#remove(call);
    for (const call of notTaken) call.fail(notProcessed());
  }

  #widen(streamId: number, increment: number): void {
    if (increment === 0) throw protocolError('a window that grows by nothing');
    const call = streamId === 0 ? undefined : this.#streamOf(streamId);
    if (streamId === 0) this.#queue.widen(increment);
    else if (call !== undefined) this.#queue.widenStream(call, increment);
  }

  #ping(payload: Buffer, flags: number): void {
    this.#frames.ping(payload, flags);
    this.#writer.schedule();
  }

  /** Absent when the call is over: the peer may not have known that yet. */
  #streamOf(streamId: number): UnaryCall | undefined {
    if (streamId % 2 === 0 || streamId >= this.#nextStreamId) throw protocolError(`a frame on stream ${streamId}, which is not open`);
    return this.#streams.get(streamId);
  }

  /** The response is complete; the peer may not have waited for the whole request (RFC 9113, 8.1). */
  #finish(call: UnaryCall): void {
    if (hasMore(call)) this.#frames.resetStream(call.streamId, ErrorCode.CANCEL);
    this.#remove(call);
  }

  #remove(call: UnaryCall): void {
    if (!this.#streams.delete(call.streamId)) return;
    this.#queue.forget(call);
    if (this.#streams.size === 0) this.#idle();
    this.#options.onRoom();
  }

  /** The process lives as long as somebody waits for an answer. */
  #busy(): void {
    if (this.#socket instanceof Socket) this.#socket.ref();
    this.#keepalive.watch();
  }

  #idle(): void {
    if (this.#retired) this.destroy(new Error('it is not needed any more'));
    else if (this.#socket instanceof Socket) this.#socket.unref();
  }
}

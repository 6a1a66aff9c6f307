import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { FrameReader } from '../../etcd/transport/http2/frame-reader.js';
import { encodeFields, type Field } from '../../etcd/transport/http2/hpack.js';
import { Flag, FrameType, PREFACE } from '../../etcd/transport/http2/protocol.js';

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

/** A server of HTTP/2 that sends what the test says, frame by frame: also what no real server does. One connection at a time. */
export class ScriptedPeer {
  readonly #server: Server;
  readonly #received: Frame[] = [];
  #socket: Socket | undefined;
  #waiting: (() => void) | undefined;
  connections = 0;

  private constructor(server: Server, greeting: Buffer) {
    this.#server = server;
    server.on('connection', (socket) => this.#accept(socket, greeting));
  }

  /** `greeting`: what it begins with. */
  static async listen(greeting = frame(FrameType.SETTINGS, 0, 0)): Promise<ScriptedPeer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ScriptedPeer(server, greeting);
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get socket(): Socket {
    if (this.#socket === undefined) throw new Error('nobody has connected');
    return this.#socket;
  }

  /** The next frame of this type that has come or will come; those before it are forgotten. */
  async next(type: number): Promise<Frame> {
    for (;;) {
      const index = this.#received.findIndex((received) => received.type === type);
      const found = this.#received.splice(0, index < 0 ? this.#received.length : index + 1).at(-1);
      if (index >= 0 && found) return found;
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }

  send(...frames: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  async close(): Promise<void> {
    this.#socket?.destroy();
    await once(this.#server.close(), 'close');
  }

  #accept(socket: Socket, greeting: Buffer): void {
    this.connections++;
    this.#socket = socket;
    let prefaceBytes = PREFACE.length;
    const reader = new FrameReader({
      data: (streamId, payload, _counted, ends) =>
        this.#receive({ type: FrameType.DATA, flags: ends ? Flag.END_STREAM : 0, streamId, payload }),
      frame: (type, flags, streamId, payload) => this.#receive({ type, flags, streamId, payload }),
    });
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      reader.push(bytes.subarray(Math.min(prefaceBytes, bytes.length)));
      prefaceBytes -= Math.min(prefaceBytes, bytes.length);
    });
    socket.write(greeting);
  }

  #receive(received: Frame): void {
    this.#received.push(received);
    this.#waiting?.();
  }
}

export function frame(type: number, flags: number, streamId: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(streamId, 5);
  return Buffer.concat([header, payload]);
}

export function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

export function settings(values: Readonly<Record<number, number>>): Buffer {
  const pairs = Object.entries(values).map(([setting, value]) => Buffer.concat([Buffer.of(0, Number(setting)), uint32(value)]));
  return frame(FrameType.SETTINGS, 0, 0, Buffer.concat(pairs));
}

/** As gRPC sends it: not compressed, behind its length. */
export function prefixed(message: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(0), uint32(message.length), message]);
}

export const responseHeaders = encodeFields([
  [':status', '200'],
  ['content-type', 'application/grpc'],
]);

export function trailers(status: number, message = ''): Buffer {
  const fields: Field[] = [
    ['grpc-status', String(status)],
    ['grpc-message', message],
  ];
  return encodeFields(fields);
}

/** The frames of a successful response. */
export function response(streamId: number, message: Uint8Array): Buffer {
  return Buffer.concat([
    frame(FrameType.HEADERS, Flag.END_HEADERS, streamId, responseHeaders),
    frame(FrameType.DATA, 0, streamId, prefixed(message)),
    frame(FrameType.HEADERS, Flag.END_HEADERS | Flag.END_STREAM, streamId, trailers(0)),
  ]);
}

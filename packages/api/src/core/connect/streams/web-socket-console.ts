import { PassThrough, type Readable } from 'node:stream';
import type { WebSocket } from 'ws';

/** Numbers of the channels of a console; the first byte of every message. */
export const Channel = { stdin: 0, stdout: 1, stderr: 2, outcome: 3, resize: 4, close: 255 } as const;
const CHANNELS = 5;
/** On which nothing is said for so long, by the client or to it; pings do not count. As in Kubernetes. */
const IDLE_MS = 4 * 3_600_000;

/** The client's end of a console: channels in messages of a WebSocket. */
export class WebSocketConsole {
  /** What the client says to the program. */
  readonly stdin: Readable;
  /** Sizes of its terminal, in JSON. */
  readonly sizes: Readable;
  readonly #socket: WebSocket;
  readonly #channels: ReadonlyMap<number, PassThrough>;
  readonly #idle: NodeJS.Timeout;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    const [stdin, sizes] = [new PassThrough(), new PassThrough()];
    this.stdin = stdin;
    this.sizes = sizes;
    this.#channels = new Map([
      [Channel.stdin, stdin],
      [Channel.resize, sizes],
    ]);
    this.#idle = setTimeout(() => socket.terminate(), IDLE_MS).unref();
    socket.on('message', (message: Buffer) => this.#receive(message));
    socket.once('close', () => this.#endReading());
  }

  /** Fulfilled when it has left. */
  send(channel: number, bytes: Uint8Array): Promise<void> {
    this.#idle.refresh();
    return new Promise((resolve, reject) =>
      this.#socket.send(Buffer.concat([Buffer.of(channel), bytes]), (error) => (error ? reject(error) : resolve())),
    );
  }

  close(): void {
    this.#socket.close(1000);
  }

  #receive(message: Buffer): void {
    this.#idle.refresh();
    const [channel, closed] = message;
    if (channel !== Channel.close) this.#pass(channel ?? 0, message.subarray(1));
    else if (message.length !== 2 || (closed as number) >= CHANNELS) this.#socket.close();
    else this.#channels.get(closed as number)?.end();
  }

  /** What its reader does not take yet keeps the client from saying more. */
  #pass(channel: number, bytes: Buffer): void {
    const into = this.#channels.get(channel);
    if (into === undefined || into.writableEnded || into.write(bytes)) return;
    this.#socket.pause();
    into.once('drain', () => this.#socket.resume());
  }

  #endReading(): void {
    clearTimeout(this.#idle);
    for (const channel of this.#channels.values()) channel.end();
  }
}

import type { Duplex } from 'node:stream';
import type { FrameWriter } from './frame-writer.js';
import { ConnectionError, ErrorCode } from './protocol.js';

/** Above this, messages and calls wait until the socket has sent what it has. */
const FULL_BYTES = 1024 * 1024;
/** A peer that lets this much pile up, such as answers to its pings, does not read. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

export interface SocketWriterOptions {
  /** The socket has taken everything. */
  readonly onFlushed: () => void;
  readonly onError: (error: Error) => void;
}

/** Gives a socket the frames of a moment together. */
export class SocketWriter {
  readonly #socket: Duplex;
  readonly #frames: FrameWriter;
  readonly #options: SocketWriterOptions;
  readonly #flush = () => this.flush();
  #scheduled = false;
  #full = false;

  constructor(socket: Duplex, frames: FrameWriter, options: SocketWriterOptions) {
    this.#socket = socket;
    this.#frames = frames;
    this.#options = options;
    socket.on('drain', () => this.#drained());
  }

  /** Whether the peer takes less than is written. */
  get full(): boolean {
    return this.#full;
  }

  /** At the end of this turn; needed once frames were laid out. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#flush);
  }

  flush(): void {
    this.#scheduled = false;
    if (this.#frames.bytes === 0 || this.#socket.destroyed) return;
    for (const piece of this.#frames.take()) this.#socket.write(piece);
    const unsent = this.#socket.writableLength;
    this.#full = unsent > FULL_BYTES;
    if (unsent > MAX_UNREAD_BYTES) this.#options.onError(new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'the peer does not read'));
    else this.#options.onFlushed();
  }

  #drained(): void {
    this.#full = false;
    this.#options.onFlushed();
  }
}

import { type FrameWriter, PREFIX_BYTES } from './frame-writer.js';
import { ConnectionError, DEFAULT_WINDOW, ErrorCode, FRAME_BYTES, MAX_WINDOW } from './protocol.js';
import type { UnaryCall } from './unary-call.js';

/** No more is laid out at once: what the socket has not taken would only pile up. */
const BATCH_BYTES = 256 * 1024;

/**
 * Sends the messages of calls as far as the peer takes them: by the window of the connection and that of each stream
 * (RFC 9113, 5.2). Those that must wait are sent in turns, a frame each, so that a large one does not hold up small ones.
 */
export class SendQueue {
  readonly #writer: FrameWriter;
  readonly #waiting = new Set<UnaryCall>();
  #window = DEFAULT_WINDOW;
  #streamWindow = DEFAULT_WINDOW;
  #paused = false;

  constructor(writer: FrameWriter) {
    this.#writer = writer;
  }

  /** The stream of `call` has just been opened. */
  start(call: UnaryCall): void {
    call.sendWindow = this.#streamWindow;
    this.#send(call, Number.POSITIVE_INFINITY);
    if (hasMore(call)) this.#waiting.add(call);
  }

  forget(call: UnaryCall): void {
    this.#waiting.delete(call);
  }

  /** The socket has taken what was laid out, or, when it is `full`, will say so. */
  flushed(full: boolean): void {
    this.#paused = full;
    this.#sendWaiting();
  }

  /** WINDOW_UPDATE of the connection (RFC 9113, 6.9). */
  widen(increment: number): void {
    this.#window = widened(this.#window, increment);
    this.#sendWaiting();
  }

  /** WINDOW_UPDATE of a stream. */
  widenStream(call: UnaryCall, increment: number): void {
    call.sendWindow = widened(call.sendWindow, increment);
    this.#sendWaiting();
  }

  /** SETTINGS_INITIAL_WINDOW_SIZE, which moves the windows of open streams, too: also below zero (RFC 9113, 6.9.2). */
  setStreamWindow(bytes: number, open: Iterable<UnaryCall>): void {
    for (const call of open) call.sendWindow = widened(call.sendWindow, bytes - this.#streamWindow);
    this.#streamWindow = bytes;
    this.#sendWaiting();
  }

  #sendWaiting(): void {
    let progress = this.#waiting.size > 0;
    while (progress) {
      progress = false;
      for (const call of this.#waiting) {
        if (this.#send(call, 1)) progress = true;
        if (!hasMore(call)) this.#waiting.delete(call);
      }
    }
  }

  get #mayWrite(): boolean {
    return !this.#paused && this.#writer.bytes < BATCH_BYTES;
  }

  /** Sends up to so many frames; returns whether it sent any. */
  #send(call: UnaryCall, frames: number): boolean {
    const { message } = call.request;
    const total = totalBytes(call);
    let sent = 0;
    for (; sent < frames && hasMore(call) && this.#mayWrite; sent++) {
      const bytes = Math.min(total - call.sentBytes, call.sendWindow, this.#window, FRAME_BYTES);
      if (bytes <= 0) break;
      const from = call.sentBytes;
      call.sentBytes += bytes;
      call.sendWindow -= bytes;
      this.#window -= bytes;
      this.#writer.message(call.streamId, message, from, call.sentBytes, call.sentBytes === total);
    }
    return sent > 0;
  }
}

/** Whether part of the request was not sent. */
export function hasMore(call: UnaryCall): boolean {
  return call.sentBytes < totalBytes(call);
}

function totalBytes(call: UnaryCall): number {
  return PREFIX_BYTES + call.request.message.length;
}

function widened(window: number, increment: number): number {
  if (window + increment > MAX_WINDOW) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, 'a window larger than allowed');
  return window + increment;
}

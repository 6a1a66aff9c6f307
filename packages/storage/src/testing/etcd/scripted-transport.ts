import { CallError, type StreamCall, type StreamReceiver, type Transport } from '../../etcd/transport/transport.js';

/** One stream that the code under test opened. */
export class ScriptedStream implements StreamCall {
  readonly sent: Uint8Array[] = [];
  readonly #receiver: StreamReceiver;
  paused = false;
  open = true;

  constructor(receiver: StreamReceiver) {
    this.#receiver = receiver;
  }

  send(message: Uint8Array): void {
    this.sent.push(message);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  cancel(): void {
    this.open = false;
  }

  receive(message: Uint8Array): void {
    if (this.open) this.#receiver.message(message);
  }

  break(): void {
    if (!this.open) return;
    this.open = false;
    this.#receiver.end(new CallError(14, 'connection lost', true));
  }
}

/** A transport that answers what the test says: for what a real member does too rarely. */
export class ScriptedTransport implements Transport {
  readonly endpoint = 'scripted';
  readonly streams: ScriptedStream[] = [];
  readonly requests: { readonly path: string; readonly request: Uint8Array }[] = [];
  readonly #answer: (path: string, request: Uint8Array) => Uint8Array;
  #waiting: (() => void) | undefined;
  resets = 0;

  /** `answer` may throw a `CallError`. */
  constructor(answer: (path: string, request: Uint8Array) => Uint8Array) {
    this.#answer = answer;
  }

  async unary(path: string, request: Uint8Array): Promise<Uint8Array> {
    this.requests.push({ path, request });
    return this.#answer(path, request);
  }

  stream(_path: string, receiver: StreamReceiver): StreamCall {
    const stream = new ScriptedStream(receiver);
    this.streams.push(stream);
    this.#waiting?.();
    return stream;
  }

  /** The stream opened as number `index`, once it is. */
  async opened(index: number): Promise<ScriptedStream> {
    for (;;) {
      const stream = this.streams[index];
      if (stream) return stream;
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }

  reset(): void {
    this.resets++;
    for (const stream of this.streams) stream.break();
  }

  close(): void {
    this.reset();
  }
}

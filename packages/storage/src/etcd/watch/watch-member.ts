import { verdictOn } from '../etcd-errors.js';
import type { EtcdSettings } from '../etcd-options.js';
import { keySpan } from '../key-span.js';
import { answersProgressInOrder } from '../server-version.js';
import { CallError, type StreamCall, type StreamReceiver, type Transport } from '../transport/transport.js';
import { encodeRange, RANGE } from '../wire/range.js';
import { decodeStatusVersion, STATUS, STATUS_REQUEST } from '../wire/status.js';
import { WATCH } from '../wire/watch.js';

/**
 * The watch connection to one member, with the watchdog for all its streams: a connection that was silent for a while is
 * asked something, and dropped when no answer comes. TCP alone would not notice a peer that is gone or stopped.
 */
export class WatchMember {
  readonly transport: Transport;
  readonly #settings: EtcdSettings;
  readonly #streams = new Set<object>();
  #heardAtMs = 0;
  #watchdog: NodeJS.Timeout | undefined;
  #progressInOrder: Promise<boolean> | undefined;
  /** Whether manual progress requests are answered in order with events; undefined until the member was reached. */
  progressInOrder: boolean | undefined;

  constructor(transport: Transport, settings: EtcdSettings) {
    this.transport = transport;
    this.#settings = settings;
  }

  /** Asked once per connection: members get upgraded. */
  async learnVersion(): Promise<void> {
    this.#progressInOrder ??= this.#readVersion();
    try {
      this.progressInOrder = await this.#progressInOrder;
    } catch (error) {
      this.#progressInOrder = undefined;
      throw error;
    }
  }

  async #readVersion(): Promise<boolean> {
    const answer = await this.transport.unary(STATUS, STATUS_REQUEST, this.#settings.attemptTimeoutMs);
    return answersProgressInOrder(decodeStatusVersion(answer));
  }

  open(receiver: StreamReceiver): StreamCall {
    const token = {};
    this.#retain(token);
    const stream = this.transport.stream(WATCH, {
      message: (bytes) => {
        this.#heardAtMs = performance.now();
        receiver.message(bytes);
      },
      end: (error) => {
        this.#release(token);
        this.#progressInOrder = undefined;
        receiver.end(error);
      },
    });
    return { ...bound(stream), cancel: () => this.#cancel(stream, token) };
  }

  close(): void {
    this.transport.close();
    clearInterval(this.#watchdog);
  }

  #cancel(stream: StreamCall, token: object): void {
    this.#release(token);
    stream.cancel();
  }

  #retain(token: object): void {
    this.#streams.add(token);
    this.#heardAtMs = performance.now();
    this.#watchdog ??= setInterval(() => void this.#probe(), this.#settings.watchProbeMs).unref();
  }

  #release(token: object): void {
    this.#streams.delete(token);
    if (this.#streams.size > 0) return;
    clearInterval(this.#watchdog);
    this.#watchdog = undefined;
  }

  async #probe(): Promise<void> {
    if (performance.now() - this.#heardAtMs < this.#settings.watchProbeMs) return;
    try {
      await this.transport.unary(RANGE, this.#probeRequest(), this.#settings.watchProbeMs);
      this.#heardAtMs = performance.now();
    } catch (error) {
      // Any answer of the member itself is a sign of life, an error too.
      if (!(error instanceof CallError)) throw error;
      if (verdictOn(error).retry === 'elsewhere') this.transport.reset();
    }
  }

  #probeRequest(): Uint8Array {
    return encodeRange({ span: keySpan(this.#settings.healthKey), serializable: true, countOnly: true });
  }
}

function bound(stream: StreamCall): Omit<StreamCall, 'cancel'> {
  return { send: (message) => stream.send(message), pause: () => stream.pause(), resume: () => stream.resume() };
}

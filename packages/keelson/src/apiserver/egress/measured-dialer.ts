import type { Duplex } from 'node:stream';
import { type DialAddress, type Dialer, ProxyRefusal } from '@keelson/machinery';

/** Told of connections through a proxy. */
export interface DialObserver {
  onStart(): void;
  onConnected(durationMs: number): void;
  /** Before the proxy has been reached, or afterwards. */
  onFailure(stage: 'connect' | 'proxy'): void;
}

/** Has the connections of another one counted. */
export class MeasuredDialer implements Dialer {
  readonly #dialer: Dialer;
  readonly #observer: DialObserver;

  constructor(dialer: Dialer, observer: DialObserver) {
    this.#dialer = dialer;
    this.#observer = observer;
  }

  async dial(address: DialAddress, signal?: AbortSignal): Promise<Duplex> {
    const startMs = performance.now();
    this.#observer.onStart();
    try {
      const connection = await this.#dialer.dial(address, signal);
      this.#observer.onConnected(performance.now() - startMs);
      return connection;
    } catch (error) {
      this.#observer.onFailure(error instanceof ProxyRefusal ? 'proxy' : 'connect');
      throw error;
    }
  }
}

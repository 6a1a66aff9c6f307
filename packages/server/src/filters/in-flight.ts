import type { Filter, RequestState } from '../http/context.js';

/** After an answer the rest of a request's body is read for this long at most, then the connection is given up. */
const bodyLingerMs = 5_000;

/** Requests being answered, so that shutdown can wait for them and end those that would never end. */
export class InFlightRequests {
  readonly #active = new Set<RequestState>();
  #waiting: (() => void)[] = [];

  get count(): number {
    return this.#active.size;
  }

  add(state: RequestState): void {
    this.#active.add(state);
  }

  delete(state: RequestState): void {
    this.#active.delete(state);
    if (this.#active.size === 0 && this.#waiting.length > 0) {
      for (const resolve of this.#waiting) resolve();
      this.#waiting = [];
    }
  }

  /** Watches and other requests without a deadline, of this moment. */
  longRunning(): RequestState[] {
    return Array.from(this.#active).filter((state) => state.longRunning);
  }

  /** Resolves when nothing is in flight. */
  idle(): Promise<void> {
    return this.#active.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** Called once for each request, when its answer has left or its client has gone. */
export type RequestEnd = (state: RequestState) => void;

/** Follows each request to the end of its response: aborts it when the client goes, then tells `onEnd`. */
export function trackInFlight(inFlight: InFlightRequests, onEnd: RequestEnd): Filter {
  return (ctx, next) => {
    const { state, req, res } = ctx;
    inFlight.add(state);
    res.once('close', () => {
      inFlight.delete(state);
      if (!res.writableFinished) state.clientLeft();
      onEnd(state);
    });
    if (req.method !== 'GET' && req.method !== 'HEAD') res.once('finish', () => boundRestOfBody(state));
    return next();
  };
}

/** An answered request whose body trickles in must not hold its connection. */
function boundRestOfBody(state: RequestState): void {
  const { req, stream } = state;
  if (req.complete || state.upgrade) return;
  const { socket } = req;
  setTimeout(() => {
    if (req.complete) return;
    if (stream) stream.close();
    else socket.destroy();
  }, bodyLingerMs).unref();
}

import type { Filter, RequestState } from '../http/context.js';

/** After an answer the rest of a request's body is read for this long at most, then the connection is given up. */
const bodyLingerMs = 5_000;

/**
 * Requests being answered, so that shutdown can wait for them and end those that would never end. Kept in reused slots:
 * a Set whose entries come and go in different turns of the event loop costs several µs per request.
 */
export class InFlightRequests {
  readonly #slots: (RequestState | undefined)[] = [];
  readonly #free: number[] = [];
  #waiting: (() => void)[] = [];

  get count(): number {
    return this.#slots.length - this.#free.length;
  }

  /** Returns the slot to give back to `delete`. */
  add(state: RequestState): number {
    const slot = this.#free.pop() ?? this.#slots.length;
    this.#slots[slot] = state;
    return slot;
  }

  delete(slot: number): void {
    this.#slots[slot] = undefined;
    this.#free.push(slot);
    if (this.#waiting.length > 0 && this.count === 0) {
      for (const resolve of this.#waiting.splice(0)) resolve();
    }
  }

  /** Watches and other requests without a deadline, of this moment. */
  longRunning(): RequestState[] {
    return this.#slots.filter((state) => state?.longRunning === true) as RequestState[];
  }

  /** Resolves when nothing is in flight. */
  idle(): Promise<void> {
    return this.count === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** Called once for each request, when its answer has left or its client has gone. */
export type RequestEnd = (state: RequestState, durationMs: number) => void;

/** Follows each request to the end of its response: aborts it when the client goes, then tells `onEnd`. */
export function trackInFlight(inFlight: InFlightRequests, onEnd: RequestEnd): Filter {
  return (ctx, next) => {
    const { state, req, res } = ctx;
    const slot = inFlight.add(state);
    res.on('close', () => {
      inFlight.delete(slot);
      if (isCutOff(state)) state.clientLeft();
      onEnd(state, performance.now() - state.startedAtMs);
    });
    if (req.method !== 'GET' && req.method !== 'HEAD') res.once('finish', () => boundRestOfBody(state));
    return next();
  };
}

/** HTTP/2 responses say that they are finished however their stream has ended. */
function isCutOff({ res, stream }: RequestState): boolean {
  return stream ? stream.aborted || !res.writableEnded : !res.writableFinished;
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

import { vi } from 'vitest';
import { Alarms } from '../../../timing/alarms.js';
import { ONE_SEAT, type Width } from '../../width/width.js';
import { type Discipline, QueueSet, type Verdict } from '../queue-set.js';
import { QueuedRequest } from '../queued-request.js';

/** A stream of requests of one kind. */
export interface Flow {
  readonly name: string;
  /** Clients, each with one request at a time. */
  readonly clients: number;
  readonly durationMs: number;
  /** Numbers of the queues that it may wait in. */
  readonly hand: readonly number[];
  readonly width?: Width;
  /** Pause of a client between two requests. */
  readonly pauseMs?: number;
}

/** What a flow has got. */
export interface FlowResult {
  done: number;
  refused: number;
  /** Seats it had, times how long. */
  seatMs: number;
  longestWaitMs: number;
}

/** A queue set on a clock that stands still until it is moved: `vi.useFakeTimers` with `performance`. */
export class Load {
  readonly queues: QueueSet<string>;
  readonly alarms = new Alarms();
  readonly notAccommodated: string[] = [];
  readonly changes = vi.fn<(nowMs: number) => void>();
  readonly epochs = vi.fn<() => void>();

  constructor(discipline: Discipline, limit: number) {
    const observer = {
      changed: this.changes,
      notAccommodated: ({ origin }: QueuedRequest<string>) => this.notAccommodated.push(origin),
      epochAdvanced: this.epochs,
    };
    this.queues = new QueueSet(this.alarms, observer, performance.now());
    this.queues.configure(discipline, limit, performance.now());
  }

  request(origin: string, width: Width = ONE_SEAT): QueuedRequest<string> {
    return new QueuedRequest(origin, width, performance.now());
  }

  start(request: QueuedRequest<string>, hand: readonly number[] = []): Verdict {
    return this.queues.start(request, this.queues.hand(hand), performance.now());
  }

  finish(request: QueuedRequest<string>): void {
    this.queues.finish(request, performance.now());
  }

  /** Runs flows side by side for a time, in which all of them are busy. */
  run(flows: readonly Flow[], forMs: number): Readonly<Record<string, FlowResult>> {
    const results: Record<string, FlowResult> = {};
    for (const flow of flows) {
      const result = { done: 0, refused: 0, seatMs: 0, longestWaitMs: 0 };
      results[flow.name] = result;
      for (let client = 0; client < flow.clients; client++) this.#send(flow, result);
    }
    vi.advanceTimersByTime(forMs);
    return structuredClone(results);
  }

  #send(flow: Flow, result: FlowResult): void {
    const request = this.request(flow.name, flow.width);
    const again = () => setTimeout(() => this.#send(flow, result), flow.pauseMs ?? 0);
    const serve = () => {
      result.longestWaitMs = Math.max(result.longestWaitMs, performance.now() - request.arrivedAtMs);
      setTimeout(() => {
        this.finish(request);
        result.done++;
        result.seatMs += request.maxSeats * (flow.durationMs + request.width.finalMs);
        again();
      }, flow.durationMs);
    };
    const verdict = this.start(request, flow.hand);
    if (verdict === 'dispatched') serve();
    else if (verdict === 'waiting') request.onDispatch = serve;
    else {
      result.refused++;
      again();
    }
  }
}

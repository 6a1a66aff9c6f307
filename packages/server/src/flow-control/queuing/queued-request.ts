import type { Width } from '../width/width.js';
import type { Linked } from './request-list.js';
import type { RequestQueue } from './request-queue.js';

/** What a request is assumed to take, in milliseconds, before it is known. */
export const ASSUMED_MS = 3;

/** One request at a priority level, from its arrival until it gives back the last seat. `Origin`: what it came from. */
export class QueuedRequest<Origin> implements Linked<QueuedRequest<Origin>> {
  readonly origin: Origin;
  readonly width: Width;
  /** The most seats it takes in any phase: so many are held in all of them. */
  readonly maxSeats: number;
  /** Estimated, in seat-milliseconds: all seats that are held count for as long as they are held. */
  readonly work: number;
  /** `performance.now()` */
  readonly arrivedAtMs: number;
  /** Virtual time of its arrival. */
  arrivalR = 0;
  /** 0 before it was dispatched. */
  startedAtMs = 0;
  queue: RequestQueue<Origin> | undefined = undefined;
  previous: QueuedRequest<Origin> | undefined = undefined;
  next: QueuedRequest<Origin> | undefined = undefined;
  /** Called when its turn has come after a wait. */
  onDispatch: (() => void) | undefined = undefined;

  constructor(origin: Origin, width: Width, nowMs: number) {
    const { seats, finalSeats, finalMs } = width;
    this.origin = origin;
    this.width = width;
    this.maxSeats = Math.max(seats, finalSeats);
    this.work = this.maxSeats * (ASSUMED_MS + finalMs);
    this.arrivedAtMs = nowMs;
  }
}

import type { HeapItem } from '../../timing/indexed-heap.js';
import type { QueuedRequest } from './queued-request.js';
import { RequestList } from './request-list.js';

/** One of the queues of a priority level: the requests that wait in it, and what is known of those that it has let go. */
export class RequestQueue<Origin> implements HeapItem {
  heapIndex = -1;
  /** Virtual time at which its next request is dispatched in the virtual world (KEP-1040), in seat-milliseconds. */
  nextDispatchR = 0;
  /** Virtual time at which its first request would be done: the queue where that is least is next. */
  finishR = 0;
  /** Grows with every dispatch of the level: of equals the one that was served longest ago is next. */
  turn = 0;
  readonly requests = new RequestList<QueuedRequest<Origin>>();
  waiting = 0;
  /** Of the requests that wait, in seat-milliseconds. */
  waitingWork = 0;
  executing = 0;
  seatsInUse = 0;

  constructor(readonly index: number) {}

  get isIdle(): boolean {
    return this.waiting === 0 && this.executing === 0;
  }

  push(request: QueuedRequest<Origin>): void {
    this.requests.push(request);
    this.waiting++;
    this.waitingWork += request.work;
  }

  delete(request: QueuedRequest<Origin>): void {
    this.requests.delete(request);
    this.waiting--;
    this.waitingWork -= request.work;
  }

  /**
   * Brings the order of the queue up to date with its first request. No dispatch precedes an arrival in the virtual
   * world: a queue that uses less than its share saves nothing up.
   */
  rank(): void {
    const { first } = this.requests;
    if (first === undefined) return;
    if (this.nextDispatchR < first.arrivalR) this.nextDispatchR = first.arrivalR;
    this.finishR = this.nextDispatchR + first.work;
  }
}

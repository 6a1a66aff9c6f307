import { Alarm } from '../../timing/alarm.js';
import type { Alarms } from '../../timing/alarms.js';
import { IndexedHeap } from '../../timing/indexed-heap.js';
import { ASSUMED_MS, type QueuedRequest } from './queued-request.js';
import { RequestList } from './request-list.js';
import { RequestQueue } from './request-queue.js';

/** How a level has its requests wait. */
export interface Queuing {
  readonly queues: number;
  readonly handSize: number;
  /** Requests that may wait in one queue. */
  readonly queueLengthLimit: number;
}

/** `none`: what finds no seat is refused; `exempt`: everything finds one. */
export type Discipline = Queuing | 'none' | 'exempt';

export type Verdict = 'dispatched' | 'waiting' | 'queue-full' | 'concurrency-limit';

/** Told of what happens in a queue set; `nowMs` is the time of its cause. */
export interface QueueSetObserver<Origin> {
  /** What is executed, waits, or holds seats has changed. */
  changed(nowMs: number): void;
  /** The request that is next needs more seats than are free. */
  notAccommodated(request: QueuedRequest<Origin>): void;
  /** Virtual time was wound back. */
  epochAdvanced(): void;
}

/** Virtual time is wound back before sums lose their fractions. */
const HIGH_R = 2 ** 40;

/**
 * The seats of one priority level, and those who wait for one. Queues share the seats fairly (fair queuing for server
 * requests, KEP-1040): each active queue has the same right to seats, and the one that has used least of it is next.
 * Whatever happens costs O(log n) of the number of queues.
 */
export class QueueSet<Origin> {
  readonly #alarms: Alarms;
  readonly #observer: QueueSetObserver<Origin>;
  /** Queues in which something waits. */
  readonly #ready = new IndexedHeap<RequestQueue<Origin>>(isBefore);
  #discipline: Discipline = 'none';
  #limit = 0;
  /** Those that flows are dealt. */
  #queues: RequestQueue<Origin>[] = [];
  /** Those that are not any more, until they have run dry. */
  #retired: RequestQueue<Origin>[] = [];
  #activeQueues = 0;
  /** Virtual time: seat-milliseconds that each active queue has had a right to. */
  #currentR = 0;
  #syncedAtMs: number;
  #turns = 0;
  #arrivals = 0;
  readonly executingRequests = new RequestList<QueuedRequest<Origin>>();
  waiting = 0;
  executing = 0;
  seatsInUse = 0;
  seatsWaiting = 0;
  dispatched = 0;
  rejected = 0;
  cancelled = 0;
  /** Virtual times of the last dispatch from a queue, for metrics. */
  readonly lastDispatch = { currentR: 0, startR: 0 };

  constructor(alarms: Alarms, observer: QueueSetObserver<Origin>, nowMs: number) {
    this.#alarms = alarms;
    this.#observer = observer;
    this.#syncedAtMs = nowMs;
  }

  get discipline(): Discipline {
    return this.#discipline;
  }

  get limit(): number {
    return this.#limit;
  }

  get currentR(): number {
    return this.#currentR;
  }

  get isIdle(): boolean {
    return this.waiting === 0 && this.executing === 0;
  }

  /** Behind those that are dealt, those that run dry. */
  get queues(): readonly RequestQueue<Origin>[] {
    return this.#retired.length === 0 ? this.#queues : [...this.#queues, ...this.#retired];
  }

  *waitingRequests(): Iterable<QueuedRequest<Origin>> {
    for (const { requests } of this.queues) yield* requests;
  }

  /** Hands are to be dealt anew then. */
  configure(discipline: Discipline, limit: number, nowMs: number): void {
    this.#sync(nowMs);
    this.#discipline = discipline;
    this.#limit = limit;
    const wanted = typeof discipline === 'string' ? 0 : discipline.queues;
    this.#retired = [...this.#retired, ...this.#queues.splice(wanted)].filter(({ isIdle }) => !isIdle);
    while (this.#queues.length < wanted) this.#queues.push(new RequestQueue(this.#queues.length));
    this.#dispatchAll(nowMs);
    this.#observer.changed(nowMs);
  }

  setLimit(limit: number, nowMs: number): void {
    this.#sync(nowMs);
    this.#limit = limit;
    this.#dispatchAll(nowMs);
    this.#observer.changed(nowMs);
  }

  /** Least and greatest virtual start of what waits first; `discounted`: less what its queue has under way. 0 when nothing waits. */
  startBounds(discounted: boolean): { readonly min: number; readonly max: number } {
    const starts = this.queues.flatMap(({ waiting, nextDispatchR, seatsInUse }) =>
      waiting === 0 ? [] : nextDispatchR - (discounted ? seatsInUse * ASSUMED_MS : 0),
    );
    return starts.length === 0 ? { min: 0, max: 0 } : { min: Math.min(...starts), max: Math.max(...starts) };
  }

  hand(cards: readonly number[]): readonly RequestQueue<Origin>[] {
    return cards.map((card) => this.#queues[card] as RequestQueue<Origin>);
  }

  /** Takes a request in. `hand`: queues that its flow may wait in; none where nothing waits. */
  start(request: QueuedRequest<Origin>, hand: readonly RequestQueue<Origin>[], nowMs: number): Verdict {
    this.#sync(nowMs);
    const verdict = hand.length === 0 ? this.#startUnqueued(request, nowMs) : this.#enqueue(request, hand, nowMs);
    if (verdict === 'queue-full' || verdict === 'concurrency-limit') this.rejected++;
    this.#observer.changed(nowMs);
    return verdict;
  }

  /** What was dispatched is done. Its seats may be held a while longer. */
  finish(request: QueuedRequest<Origin>, nowMs: number): void {
    this.#sync(nowMs);
    this.executingRequests.delete(request);
    this.executing--;
    this.#leaveQueue(request, nowMs);
    const { finalMs } = request.width;
    if (finalMs === 0 || this.#discipline === 'exempt') this.#release(request);
    else this.#alarms.set(new Alarm(nowMs + finalMs, () => this.#releaseLate(request)));
    this.#dispatchAll(nowMs);
    this.#observer.changed(nowMs);
  }

  /** Takes a request out that waits; false when it does not wait any more. */
  cancel(request: QueuedRequest<Origin>, nowMs: number): boolean {
    const { queue } = request;
    if (queue === undefined || request.startedAtMs > 0) return false;
    this.#sync(nowMs);
    this.#takeOut(request, queue);
    request.queue = undefined;
    if (queue.isIdle) this.#activeQueues--;
    this.#rank(queue);
    this.rejected++;
    this.cancelled++;
    this.#dispatchAll(nowMs);
    this.#observer.changed(nowMs);
    return true;
  }

  #startUnqueued(request: QueuedRequest<Origin>, nowMs: number): Verdict {
    if (this.#discipline !== 'exempt' && !this.#accommodates(request)) return 'concurrency-limit';
    this.#seat(request, nowMs);
    return 'dispatched';
  }

  #enqueue(request: QueuedRequest<Origin>, hand: readonly RequestQueue<Origin>[], nowMs: number): Verdict {
    const queue = this.#choose(hand);
    const { queueLengthLimit } = this.#discipline as Queuing;
    if (this.seatsInUse >= this.#limit && queue.waiting >= queueLengthLimit) return 'queue-full';
    if (queue.isIdle) {
      queue.nextDispatchR = this.#currentR;
      this.#activeQueues++;
    }
    request.queue = queue;
    request.arrivalR = this.#currentR;
    this.#putIn(request, queue);
    this.#dispatchAll(nowMs);
    return request.startedAtMs > 0 ? 'dispatched' : 'waiting';
  }

  /** The one with the least work waiting. Where the search begins goes round, so that flows with one hand spread over it. */
  #choose(hand: readonly RequestQueue<Origin>[]): RequestQueue<Origin> {
    const offset = this.#arrivals++ % hand.length;
    let best = hand[offset] as RequestQueue<Origin>;
    for (let at = 1; at < hand.length && best.waiting > 0; at++) {
      const queue = hand[(offset + at) % hand.length] as RequestQueue<Origin>;
      if (queue.waitingWork < best.waitingWork) best = queue;
    }
    return best;
  }

  /** One that is wider than the level gets all of it. */
  #accommodates({ maxSeats }: QueuedRequest<Origin>): boolean {
    return maxSeats > this.#limit ? this.executing === 0 : this.seatsInUse + maxSeats <= this.#limit;
  }

  #putIn(request: QueuedRequest<Origin>, queue: RequestQueue<Origin>): void {
    queue.push(request);
    this.waiting++;
    this.seatsWaiting += request.maxSeats;
    if (queue.waiting > 1) return;
    queue.rank();
    this.#ready.add(queue);
  }

  #takeOut(request: QueuedRequest<Origin>, queue: RequestQueue<Origin>): void {
    queue.delete(request);
    this.waiting--;
    this.seatsWaiting -= request.maxSeats;
  }

  #rank(queue: RequestQueue<Origin>): void {
    if (queue.waiting === 0) this.#ready.delete(queue);
    else {
      queue.rank();
      this.#ready.update(queue);
    }
  }

  #dispatchAll(nowMs: number): void {
    while (this.waiting > 0 && this.seatsInUse < this.#limit && this.#dispatchNext(nowMs));
  }

  #dispatchNext(nowMs: number): boolean {
    const queue = this.#ready.first;
    const request = queue?.requests.first;
    if (queue === undefined || request === undefined) return false;
    if (!this.#accommodates(request)) {
      this.#observer.notAccommodated(request);
      return false;
    }
    this.lastDispatch.currentR = this.#currentR;
    this.lastDispatch.startR = queue.nextDispatchR;
    this.#takeOut(request, queue);
    queue.executing++;
    queue.seatsInUse += request.maxSeats;
    queue.nextDispatchR += request.work;
    queue.turn = ++this.#turns;
    this.#rank(queue);
    this.#seat(request, nowMs);
    request.onDispatch?.();
    return true;
  }

  #seat(request: QueuedRequest<Origin>, nowMs: number): void {
    request.startedAtMs = nowMs;
    this.executingRequests.push(request);
    this.executing++;
    this.dispatched++;
    this.seatsInUse += request.maxSeats;
  }

  /** What it has really taken counts now, in place of what was assumed. */
  #leaveQueue({ queue, maxSeats, startedAtMs }: QueuedRequest<Origin>, nowMs: number): void {
    if (queue === undefined) return;
    queue.executing--;
    if (queue.isIdle) this.#activeQueues--;
    queue.nextDispatchR -= maxSeats * (ASSUMED_MS - (nowMs - startedAtMs));
    this.#rank(queue);
  }

  #release({ queue, maxSeats }: QueuedRequest<Origin>): void {
    this.seatsInUse -= maxSeats;
    if (queue !== undefined) queue.seatsInUse -= maxSeats;
  }

  #releaseLate(request: QueuedRequest<Origin>): void {
    const nowMs = performance.now();
    this.#sync(nowMs);
    this.#release(request);
    this.#dispatchAll(nowMs);
    this.#observer.changed(nowMs);
  }

  /** Before anything changes: what there was has lasted until now. */
  #sync(nowMs: number): void {
    const elapsedMs = nowMs - this.#syncedAtMs;
    this.#syncedAtMs = nowMs;
    if (this.#activeQueues === 0) return;
    const seats = Math.min(this.seatsInUse + this.seatsWaiting, this.#limit);
    this.#currentR += (seats / this.#activeQueues) * elapsedMs;
    if (this.#currentR > HIGH_R) this.#advanceEpoch();
  }

  #advanceEpoch(): void {
    const back = this.#currentR;
    this.#currentR = 0;
    for (const queue of this.queues) {
      queue.nextDispatchR -= back;
      for (const request of queue.requests) request.arrivalR -= back;
      queue.rank(); // by the same amount in all of them: their order stays
    }
    this.#observer.epochAdvanced();
  }
}

function isBefore<Origin>(a: RequestQueue<Origin>, b: RequestQueue<Origin>): boolean {
  return a.finishR < b.finishR || (a.finishR === b.finishR && a.turn < b.turn);
}

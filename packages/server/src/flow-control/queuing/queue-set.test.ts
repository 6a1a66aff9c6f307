import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Width } from '../width/width.js';
import type { QueuedRequest } from './queued-request.js';
import { Load } from './testing/load.js';

const queuing = { queues: 8, handSize: 2, queueLengthLimit: 50 };
const wide = (seats: number): Width => ({ seats, finalSeats: 0, finalMs: 0 });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  vi.advanceTimersByTime(1000);
});
afterEach(() => vi.useRealTimers());

describe('seats', () => {
  it('are given until there are none; who comes then is refused where nothing waits', () => {
    const load = new Load('none', 2);
    const [one, two, three] = ['one', 'two', 'three'].map((name) => load.request(name)) as [Request, Request, Request];
    expect([load.start(one), load.start(two), load.start(three)]).toEqual(['dispatched', 'dispatched', 'concurrency-limit']);
    expect(load.queues).toMatchObject({ executing: 2, seatsInUse: 2, dispatched: 2, rejected: 1, waiting: 0 });
    load.finish(one);
    expect(load.start(load.request('four'))).toBe('dispatched');
  });

  it('are there for everybody at an exempt level', () => {
    const load = new Load('exempt', 0);
    const requests = Array.from({ length: 100 }, (_, at) => load.request(`${at}`, wide(10)));
    expect(new Set(requests.map((request) => load.start(request)))).toEqual(new Set(['dispatched']));
    expect(load.queues.seatsInUse).toBe(1000);
    for (const request of requests) load.finish(request);
    expect(load.queues).toMatchObject({ executing: 0, seatsInUse: 0, isIdle: true });
  });

  it('are given to those who wait, in the order in which these came, in the moment in which one is free', () => {
    const load = new Load(queuing, 1);
    const order: string[] = [];
    const [first, ...others] = ['first', 'second', 'third'].map((name) => load.request(name)) as [Request, ...Request[]];
    expect(load.start(first, [0])).toBe('dispatched');
    for (const other of others) {
      other.onDispatch = () => order.push(other.origin);
      expect(load.start(other, [0])).toBe('waiting');
    }
    expect(load.queues).toMatchObject({ waiting: 2, seatsWaiting: 2, executing: 1 });
    load.finish(first);
    expect(order).toEqual(['second']);
    load.finish(others[0] as Request);
    expect(order).toEqual(['second', 'third']);
  });

  it('of a wide request must all be free; one that is wider than the level gets all of it', () => {
    const load = new Load(queuing, 4);
    const narrow = load.request('narrow');
    const broad = load.request('broad', wide(4));
    const huge = load.request('huge', wide(9));
    expect([load.start(narrow, [0]), load.start(broad, [1]), load.start(huge, [2])]).toEqual(['dispatched', 'waiting', 'waiting']);
    expect(load.notAccommodated).toContain('broad');
    load.finish(narrow);
    expect([broad.startedAtMs, huge.startedAtMs]).toEqual([performance.now(), 0]);
    load.finish(broad);
    expect(load.queues).toMatchObject({ seatsInUse: 9, executing: 1, waiting: 0 });
  });

  it('are held for a while after the answer where the request says so', () => {
    const load = new Load(queuing, 3);
    const write = load.request('write', { seats: 1, finalSeats: 3, finalMs: 20 });
    const next = load.request('next');
    load.start(write, [0]);
    expect(load.queues.seatsInUse).toBe(3);
    load.finish(write);
    expect([load.start(next, [1]), load.queues.executing, load.queues.seatsInUse]).toEqual(['waiting', 0, 3]);
    vi.advanceTimersByTime(19);
    expect(next.startedAtMs).toBe(0);
    vi.advanceTimersByTime(1);
    expect(next.startedAtMs).toBe(performance.now());
    expect(load.queues.seatsInUse).toBe(1);
  });

  it('become more and fewer while requests wait', () => {
    const load = new Load(queuing, 1);
    const requests = Array.from({ length: 6 }, (_, at) => load.request(`${at}`));
    for (const request of requests) load.start(request, [0, 1]);
    const started = () => requests.filter(({ startedAtMs }) => startedAtMs > 0).length;
    load.queues.setLimit(4, performance.now());
    expect(started()).toBe(4);
    load.queues.setLimit(2, performance.now());
    load.finish(requests[0] as Request);
    load.finish(requests[1] as Request);
    expect([started(), load.queues.seatsInUse]).toEqual([4, 2]);
    load.finish(requests[2] as Request);
    expect(started()).toBe(5);
  });
});

describe('queues', () => {
  it('are chosen by the work that waits in them, of those that the flow was dealt', () => {
    const load = new Load(queuing, 1);
    load.start(load.request('busy'), [7]);
    const put = (name: string, hand: number[], width?: Width) => {
      const request = load.request(name, width);
      load.start(request, hand);
      return request.queue?.index;
    };
    expect(put('broad', [0], wide(5))).toBe(0);
    expect([put('narrow', [1]), put('narrow', [1])]).toEqual([1, 1]);
    expect(Array.from({ length: 3 }, () => put('a', [0, 1]))).toEqual([1, 1, 1]);
    expect(put('b', [0, 1, 2])).toBe(2);
  });

  it('refuse when they are full, and only while there is no seat', () => {
    const load = new Load({ queues: 1, handSize: 1, queueLengthLimit: 2 }, 1);
    const verdicts = ['a', 'b', 'c', 'd'].map((name) => load.start(load.request(name), [0]));
    expect(verdicts).toEqual(['dispatched', 'waiting', 'waiting', 'queue-full']);
    expect(load.queues).toMatchObject({ rejected: 1, waiting: 2 });
  });

  it('let a request go that gives up', () => {
    const load = new Load(queuing, 1);
    const [running, leaving, staying] = ['running', 'leaving', 'staying'].map((name) => load.request(name)) as [Request, Request, Request];
    load.start(running, [0]);
    load.start(leaving, [0]);
    load.start(staying, [0]);
    const cancel = (request: Request) => load.queues.cancel(request, performance.now());
    expect([cancel(leaving), cancel(leaving), cancel(running)]).toEqual([true, false, false]);
    expect(load.queues).toMatchObject({ waiting: 1, rejected: 1, cancelled: 1 });
    load.finish(running);
    expect([leaving.startedAtMs, staying.startedAtMs]).toEqual([0, performance.now()]);
  });

  it('that are taken away run dry first', () => {
    const load = new Load(queuing, 1);
    const [running, waiting] = ['running', 'waiting'].map((name) => load.request(name)) as [Request, Request];
    load.start(running, [6]);
    load.start(waiting, [7]);
    load.queues.configure({ queues: 2, handSize: 1, queueLengthLimit: 50 }, 1, performance.now());
    expect(load.queues.queues.map(({ index }) => index)).toEqual([0, 1, 6, 7]);
    load.finish(running);
    expect(waiting.startedAtMs).toBe(performance.now());
    load.finish(waiting);
    load.queues.configure('none', 1, performance.now());
    expect(load.queues.queues).toEqual([]);
  });

  it('hand over what waits to a level without queues', () => {
    const load = new Load(queuing, 1);
    const [running, waiting] = ['running', 'waiting'].map((name) => load.request(name)) as [Request, Request];
    load.start(running, [0]);
    load.start(waiting, [0]);
    load.queues.configure('none', 1, performance.now());
    expect([load.start(load.request('third')), waiting.startedAtMs]).toEqual(['concurrency-limit', 0]);
    load.finish(running);
    expect(waiting.startedAtMs).toBe(performance.now());
  });
});

describe('fair queuing', () => {
  const elephant = { name: 'elephant', clients: 60, durationMs: 100, hand: [0, 1] };

  it('does not let an elephant starve a mouse', () => {
    const mouse = { name: 'mouse', clients: 1, durationMs: 100, hand: [2, 3] };
    const { mouse: beside, elephant: large } = new Load(queuing, 4).run([elephant, mouse], 60_000) as Results;
    // A seat becomes free every 25 ms on average, and at worst all at once.
    expect(beside?.longestWaitMs).toBeLessThanOrEqual(100);
    expect(beside?.done).toBeGreaterThanOrEqual(300);
    expect((beside?.done ?? 0) + (large?.done ?? 0)).toBeGreaterThan(4 * 590);
  });

  it.each([
    { what: 'longer requests', other: { durationMs: 400 } },
    { what: 'wider requests', other: { width: wide(3) } },
    { what: 'more clients', other: { clients: 100 } },
    { what: 'seats that are held longer', other: { width: { seats: 1, finalSeats: 2, finalMs: 50 } } },
  ])('gives flows of $what as much as others', ({ other }) => {
    const load = new Load({ ...queuing, queueLengthLimit: 200 }, 6);
    const flows = [
      { name: 'plain', clients: 20, durationMs: 50, hand: [0] },
      { name: 'other', clients: 20, durationMs: 50, hand: [1], ...other },
    ];
    const { plain, other: special } = load.run(flows, 120_000) as Results;
    expect(Math.abs((special?.seatMs ?? 0) / (plain?.seatMs ?? 1) - 1)).toBeLessThan(0.15);
  });

  it('lets nobody save up what it did not use', () => {
    const load = new Load(queuing, 2);
    const steady = { name: 'steady', clients: 20, durationMs: 20, hand: [0] };
    load.run([steady], 60_000);
    const { late } = load.run([{ name: 'late', clients: 20, durationMs: 20, hand: [1] }], 10_000) as Results;
    // Half of two seats, not all of them.
    expect(Math.abs((late?.done ?? 0) - 500)).toBeLessThan(15);
  });

  it('winds virtual time back before it loses its fractions', () => {
    const load = new Load(queuing, 600);
    const running = load.request('running');
    load.start(running, [0]);
    load.start(load.request('wide', wide(700)), [0]);
    vi.advanceTimersByTime(30 * 24 * 3600 * 1000);
    load.start(load.request('other'), [1]);
    expect(load.epochs).toHaveBeenCalledOnce();
    expect(load.queues.currentR).toBe(0);
    const { elephant: large, mouse } = load.run([elephant, { name: 'mouse', clients: 1, durationMs: 100, hand: [2] }], 1000) as Results;
    expect([large?.longestWaitMs, mouse?.longestWaitMs]).toEqual([0, 0]);
  });
});

type Request = QueuedRequest<string>;
type Results = Readonly<Record<string, { readonly done: number; readonly seatMs: number; readonly longestWaitMs: number } | undefined>>;

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientProcess } from './client-process.js';
import { BARE_MS, type Bench, cpuPerRequest, median } from './measure-requests.js';
import { cpuMicroseconds, rssMegabytes } from './process-usage.js';
import type { Result } from './result.js';
import { TOKEN } from './server-under-test.js';

const WATCHERS = 500;
const EVENTS_PER_SECOND = 20;
const ARRIVAL_TIMEOUT_MS = 10_000;
const ROUNDS = 3;
/** For what opening the watches leaves behind, and for the compilers. */
const WARM_UP_EVENTS = 60;

export interface FanOut {
  readonly protocol: 'h1' | 'h2';
  readonly aimUnits: number;
}

/** CPU of the server for bringing one event to one of 500 watchers, the write that caused it taken off. */
export async function measureFanOut(
  bench: Bench,
  programs: string,
  url: URL,
  { protocol, aimUnits }: FanOut,
  forMs: number,
): Promise<Result> {
  const count = Math.max(10, Math.round(((forMs / 1000) * EVENTS_PER_SECOND) / ROUNDS));
  const order = { scenario: 'patch', count, perSecond: EVENTS_PER_SECOND };
  const write = await cpuPerRequest(bench, { ...order, count: ROUNDS * count });
  const rssBefore = rssMegabytes(bench.serverPid);
  const args = [url.href, TOKEN, String(WATCHERS), protocol];
  const { process: watchers } = await ClientProcess.start<{ events: number }>(join(programs, 'watch-client.mjs'), args);
  try {
    await bench.client.ask({ ...order, count: WARM_UP_EVENTS });
    let seen = await settled(watchers, WARM_UP_EVENTS * WATCHERS);
    const rounds: { value: number; units: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const bare = await bench.bare.measure(BARE_MS);
      const before = cpuMicroseconds(bench.serverPid);
      await bench.client.ask(order);
      seen = await settled(watchers, seen + count * WATCHERS);
      const value = ((cpuMicroseconds(bench.serverPid) - before) / count - write) / WATCHERS;
      rounds.push({ value, units: value / bare });
    }
    const kilobytes = ((rssMegabytes(bench.serverPid) - rssBefore) * 1024) / WATCHERS;
    return {
      scenario: `watch-${protocol}`,
      unit: 'µs',
      value: median(rounds.map(({ value }) => value)),
      units: median(rounds.map(({ units }) => units)),
      aim: aimUnits,
      note: `${kilobytes.toFixed(0)} KB RSS per watch`,
    };
  } finally {
    await watchers.stop();
  }
}

/** Waits until that many events have arrived. */
async function settled(watchers: ClientProcess, expected: number): Promise<number> {
  const endMs = performance.now() + ARRIVAL_TIMEOUT_MS;
  for (;;) {
    const { events } = await watchers.ask<{ events: number }>({});
    if (events >= expected) return events;
    if (performance.now() > endMs) throw new Error(`${expected - events} of ${expected} watch events did not arrive`);
    await sleep(20);
  }
}

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientProcess } from './client-process.js';
import { type Bench, cpuPerRequest } from './measure-requests.js';
import { cpuMicroseconds, rssMegabytes } from './process-usage.js';
import type { Result } from './result.js';
import { TOKEN } from './server-under-test.js';

const WATCHERS = 500;
const EVENTS_PER_SECOND = 20;
const ARRIVAL_TIMEOUT_MS = 10_000;

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
  const count = Math.max(20, Math.round((forMs / 1000) * EVENTS_PER_SECOND));
  const order = { scenario: 'patch', count, perSecond: EVENTS_PER_SECOND };
  const bareBefore = await bench.bare.measure(300);
  const write = await cpuPerRequest(bench, order);
  const rssBefore = rssMegabytes(bench.serverPid);
  const args = [url.href, TOKEN, String(WATCHERS), protocol];
  const { process: watchers } = await ClientProcess.start<{ events: number }>(join(programs, 'watch-client.mjs'), args);
  try {
    await bench.client.ask({ ...order, count: 10 });
    const seen = await settled(watchers, 10 * WATCHERS);
    const before = cpuMicroseconds(bench.serverPid);
    await bench.client.ask(order);
    await settled(watchers, seen + count * WATCHERS);
    const spent = cpuMicroseconds(bench.serverPid) - before;
    const value = (spent / count - write) / WATCHERS;
    const bare = (bareBefore + (await bench.bare.measure(300))) / 2;
    const kilobytes = ((rssMegabytes(bench.serverPid) - rssBefore) * 1024) / WATCHERS;
    const note = `${kilobytes.toFixed(0)} KB RSS per watch`;
    return { scenario: `watch-${protocol}`, unit: 'µs', value, units: value / bare, aim: aimUnits, note };
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

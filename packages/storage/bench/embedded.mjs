// What the embedded store can do on this machine's disk: node packages/storage/bench/embedded.mjs [directory]
// Needs the built packages. The directory decides which disk is measured; the default is the temporary one.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedBackend } from '@keelson/storage/embedded';

const VALUE = Buffer.alloc(2700, 'v');
const PUT_SECONDS = 3;
const RANGE_KEYS = 20_000;
const HISTORY = 20_000;
const COMPACTIONS = 8;

const dir = await mkdtemp(join(process.argv[2] ?? tmpdir(), 'keelson-bench-'));
try {
  for (const writers of [1, 16, 64, 256]) report(`put, ${writers} writers`, await puts(writers));
  report('range', await range());
  report('compaction', await compaction());
} finally {
  await rm(dir, { recursive: true });
}

function report(name, figures) {
  console.log(JSON.stringify({ name, ...figures }));
}

function open(name, options = {}) {
  return EmbeddedBackend.open({ dir: join(dir, name), historyRevisions: 10_000_000, ...options });
}

/** Updates keys of its own until `signal` aborts, noting how long each took. */
async function writer(backend, key, latenciesMs, signal) {
  let expected = 0;
  while (!signal.aborted) {
    const startMs = performance.now();
    const result = await backend.put(key, VALUE, expected);
    latenciesMs.push(performance.now() - startMs);
    expected = result.revision;
  }
}

async function puts(writers) {
  const backend = await open(`put-${writers}`);
  const latenciesMs = [];
  const cpu = process.cpuUsage();
  const signal = AbortSignal.timeout(PUT_SECONDS * 1000);
  await Promise.all(Array.from({ length: writers }, (_, i) => writer(backend, `/registry/leases/${i}`, latenciesMs, signal)));
  const { user, system } = process.cpuUsage(cpu);
  await backend.close();
  const cpuMicrosPerPut = Math.round((user + system) / latenciesMs.length);
  return { putsPerSecond: Math.round(latenciesMs.length / PUT_SECONDS), cpuMicrosPerPut, ...percentiles(latenciesMs) };
}

async function fill(backend, count, keyOf) {
  const expected = new Map();
  for (let i = 0; i < count; i += 500) {
    await Promise.all(
      Array.from({ length: Math.min(500, count - i) }, async (_, j) => {
        const key = keyOf(i + j);
        const { revision } = await backend.put(key, VALUE, expected.get(key) ?? 0);
        expected.set(key, revision);
      }),
    );
  }
}

async function range() {
  const backend = await open('range');
  await fill(backend, RANGE_KEYS, (i) => `/registry/pods/default/pod-${i}`);
  const loopDelay = monitorEventLoopDelay({ resolution: 1 });
  const times = [];
  loopDelay.enable();
  for (let i = 0; i < 5; i++) {
    const startMs = performance.now();
    const { kvs } = await backend.list('/registry/pods/');
    if (kvs.length !== RANGE_KEYS) throw new Error(`${kvs.length} keys listed`);
    times.push(performance.now() - startMs);
  }
  loopDelay.disable();
  const watchMs = await replay(backend);
  await backend.close();
  return { keys: RANGE_KEYS, listMs: round(Math.min(...times)), replayMs: round(watchMs), longestTurnMs: round(loopDelay.max / 1e6) };
}

async function replay(backend) {
  const abort = new AbortController();
  const startMs = performance.now();
  let events = 0;
  for await (const batch of backend.watch('/registry/pods/', 2, { signal: abort.signal })) {
    events += batch.events.length;
    if (events === RANGE_KEYS) abort.abort();
  }
  return performance.now() - startMs;
}

/** The same writers without and with history being swept beside them, for equally long, in turns: what differs is the sweep. */
async function compaction() {
  const backend = await open('compaction');
  const rounds = [];
  for (let round = 0; round < COMPACTIONS; round++) {
    await fill(backend, HISTORY, (i) => `/registry/leases/${round}/${i % 500}`);
    let sweepMs = 0;
    const busyMs = await during(backend, `busy-${round}`, async () => {
      const startMs = performance.now();
      await backend.compact(await backend.currentRevision());
      await backend.swept();
      sweepMs = performance.now() - startMs;
    });
    const quietMs = await during(backend, `quiet-${round}`, () => delay(sweepMs));
    rounds.push({ sweepMs, busyMs, quietMs });
  }
  await backend.close();
  const { size } = await stat(join(dir, 'compaction', 'data.mdb'));
  return {
    historyPerRound: HISTORY,
    sweepMs: rounds.map((one) => round(one.sweepMs)),
    sweeping: percentiles(rounds.flatMap((round) => round.busyMs)),
    quiet: percentiles(rounds.flatMap((round) => round.quietMs)),
    longestStallSweepingMs: rounds.map((one) => round(Math.max(...one.busyMs))),
    longestStallQuietMs: rounds.map((one) => round(Math.max(...one.quietMs))),
    fileMiB: Math.round(size / 1024 ** 2),
  };
}

async function during(backend, name, work) {
  const latenciesMs = [];
  const abort = new AbortController();
  const writers = Array.from({ length: 4 }, (_, i) => writer(backend, `/registry/${name}/${i}`, latenciesMs, abort.signal));
  await work();
  abort.abort();
  await Promise.all(writers);
  return latenciesMs;
}

function percentiles(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (part) => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]);
  return { p50Ms: at(0.5), p99Ms: at(0.99), p999Ms: at(0.999), maxMs: at(1) };
}

function round(value) {
  return Math.round(value * 100) / 100;
}

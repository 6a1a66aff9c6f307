// What the embedded store can do on this machine's disk: node packages/storage/bench/embedded.mjs [directory]
// Needs the built packages. The directory decides which disk is measured; the default is the temporary one.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { EmbeddedBackend } from '@keelson/storage/embedded';

const VALUE = Buffer.alloc(2700, 'v');
const PUT_SECONDS = 3;
const RANGE_KEYS = 20_000;
const HISTORY = 100_000;

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
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const times = [];
  delay.enable();
  for (let i = 0; i < 5; i++) {
    const startMs = performance.now();
    const { kvs } = await backend.list('/registry/pods/');
    if (kvs.length !== RANGE_KEYS) throw new Error(`${kvs.length} keys listed`);
    times.push(performance.now() - startMs);
  }
  delay.disable();
  const watchMs = await replay(backend);
  await backend.close();
  return { keys: RANGE_KEYS, listMs: round(Math.min(...times)), replayMs: round(watchMs), longestTurnMs: round(delay.max / 1e6) };
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

/** The same writers without and with a large history being swept beside them. */
async function compaction() {
  const backend = await open('compaction');
  await fill(backend, HISTORY, (i) => `/registry/leases/${i % 500}`);
  const quietMs = await during(backend, 'quiet', async () => new Promise((resolve) => setTimeout(resolve, 2000)));
  const startMs = performance.now();
  const sweptMs = [];
  const busyMs = await during(backend, 'busy', async () => {
    await backend.compact(await backend.currentRevision());
    // The file stops growing when swept pages are used again; the time is bounded by the slices' own number.
    await new Promise((resolve) => setTimeout(resolve, 4000));
    sweptMs.push(performance.now() - startMs);
  });
  await backend.close();
  const fileMiB = Math.round((await stat(join(dir, 'compaction', 'data.mdb'))).size / 1024 ** 2);
  return { history: HISTORY, quiet: percentiles(quietMs), busy: percentiles(busyMs), fileMiB };
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

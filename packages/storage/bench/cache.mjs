// What the watch cache costs: node --expose-gc packages/storage/bench/cache.mjs [pods]
// Needs the built packages. Objects have the size of a pod in protobuf (2.7 KB); the store below is in memory.
import { constants, PerformanceObserver, performance } from 'node:perf_hooks';
import { DEFAULT_RING_LIMITS, StoreFeed } from '@keelson/storage';

const PODS = Number(process.argv[2] ?? 10_000);
const VALUE_BYTES = 2700;
const SLAB_VALUES = 24;
const WATCHERS = 5000;
const CONSISTENT = { at: 'consistent' };

const pauses = { count: 0, totalMs: 0, longestMs: 0, majors: 0 };
new PerformanceObserver((list) => {
  for (const { duration, detail } of list.getEntries()) {
    pauses.count += 1;
    pauses.totalMs += duration;
    pauses.longestMs = Math.max(pauses.longestMs, duration);
    if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) pauses.majors += 1;
  }
}).observe({ entryTypes: ['gc'] });

const baseline = memory();
const backend = new ScriptedBackend(PODS);
const feed = new StoreFeed({ backend, ringLimits: { ...DEFAULT_RING_LIMITS, maxChanges: 10_000 } });
const indexer = {
  labels: (value) => ({ app: `a${value.readUInt32LE(0) % (PODS / 10)}` }),
  fields: (value) => ({ 'spec.nodeName': `n${value.readUInt32LE(0) % 1000}` }),
};
const pods = feed.resource({ prefix: '/registry/pods/', namespaced: true, indexer, triggerField: 'spec.nodeName' });

const startedAtMs = performance.now();
await feed.start();
report('fill', { pods: PODS, ms: performance.now() - startedAtMs });
const filled = memory();
report('memory', {
  rssMb: filled.rssMb - baseline.rssMb,
  heapMb: filled.heapMb - baseline.heapMb,
  buffersMb: filled.buffersMb - baseline.buffersMb,
});

await measure('list snapshot', 2000, () => pods.list({ path: '' }, { freshness: { at: 'any' } }));
await measure('list, objects read', 100, async () => {
  let bytes = 0;
  for (const { value } of (await pods.list({ path: '' }, { freshness: { at: 'any' } })).items) bytes += value.byteLength;
  return bytes;
});
await measure('consistent get', 20_000, () => pods.get('ns-1/pod-000001', CONSISTENT));
const byLabel = { labels: { app: 'a7' }, matches: (object) => object.labels.app === 'a7' };
await pods.list({ path: '' }, { freshness: { at: 'any' }, selection: byLabel });
await measure('list by label, 10 found', 5000, () => pods.list({ path: '' }, { freshness: { at: 'any' }, selection: byLabel }));
const scanned = { matches: (object) => object.labels.app === 'a7' };
await measure('list by scan, 10 found', 50, () => pods.list({ path: '' }, { freshness: { at: 'any' }, selection: scanned }));
for (let i = 0; i < 1000; i++) backend.write(i);
await measure('exact list, 500 of a page, 500 changes ago', 500, () =>
  pods.list({ path: '' }, { freshness: { at: 'exact', revision: feed.revision - 500 }, limit: 500, after: 'ns-2/' }),
);

let delivered = 0;
const sink = {
  event() {
    delivered += 1;
  },
  bookmark: () => undefined,
  end: () => undefined,
};
const handles = [];
for (let i = 0; i < WATCHERS; i++) handles.push(await pods.watch({ path: '' }, { from: { at: 'now' } }, sink));
await new Promise((resolve) => setTimeout(resolve, 100));
await measure(`one event to ${WATCHERS} watchers`, 100, async () => {
  backend.write(1);
  await feed.dispatched();
});
report('delivered', { events: delivered });
for (const handle of handles) handle.stop();
for (let i = 0; i < WATCHERS; i++) await pods.watch({ path: '' }, { from: { at: 'now' }, selection: onNode(`n${i % 1000}`) }, sink);
await new Promise((resolve) => setTimeout(resolve, 100));
await measure(`one event among ${WATCHERS} watchers of 1000 nodes`, 1000, async () => {
  backend.write(1);
  await feed.dispatched();
});

Object.assign(pauses, { count: 0, totalMs: 0, longestMs: 0, majors: 0 });
const churn = 20_000;
await measure(`${churn} updates`, 1, async () => {
  for (let i = 0; i < churn; i += 100) {
    for (let j = 0; j < 100; j++) backend.write((i + j) * 7919);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await feed.dispatched();
});
report('gc during updates', pauses);
const end = memory();
report('memory at the end', {
  rssMb: end.rssMb - baseline.rssMb,
  heapMb: end.heapMb - baseline.heapMb,
  buffersMb: end.buffersMb - baseline.buffersMb,
});
await feed.stop();

function onNode(node) {
  return { fields: { 'spec.nodeName': node }, matches: (object) => object.fields['spec.nodeName'] === node };
}

function report(name, figures) {
  const rounded = Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, Math.round(value * 100) / 100]));
  console.log(JSON.stringify({ name, ...rounded }));
}

async function measure(name, times, run) {
  await run();
  const startMs = performance.now();
  const cpu = process.cpuUsage();
  for (let i = 0; i < times; i++) await run();
  const { user, system } = process.cpuUsage(cpu);
  report(name, { us: ((performance.now() - startMs) * 1000) / times, cpuUs: (user + system) / times });
}

function memory() {
  globalThis.gc?.();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const mb = (bytes) => bytes / 1024 / 1024;
  return { rssMb: mb(rss), heapMb: mb(heapUsed), buffersMb: mb(arrayBuffers) };
}

/** Objects made as they are listed, and events made at once: nothing but the cache holds them. */
function ScriptedBackend(count) {
  let revision = count;
  let wake = () => undefined;
  let waiting = [];
  const key = (i) => `/registry/pods/ns-${Math.floor(i / 100)}/pod-${String(i).padStart(6, '0')}`;
  const keys = Array.from({ length: count }, (_, i) => key(i)).sort();
  let slab = Buffer.alloc(0);
  let used = SLAB_VALUES;
  const value = (i) => {
    if (used === SLAB_VALUES) {
      slab = Buffer.allocUnsafeSlow(SLAB_VALUES * VALUE_BYTES);
      used = 0;
    }
    const made = slab.subarray(used * VALUE_BYTES, ++used * VALUE_BYTES);
    made.writeUInt32LE(i, 0);
    return made;
  };
  return {
    currentRevision: async () => revision,
    requestProgress: () => wake(),
    list: async (_prefix, { limit, after }) => {
      const start = after === undefined ? 0 : keys.indexOf(after) + 1;
      const kvs = keys.slice(start, start + limit).map((name) => ({ key: name, value: value(Number(name.slice(-6))), modRevision: 1 }));
      return { kvs, count: keys.length - start, revision };
    },
    async *watch(_prefix, _from, { signal }) {
      signal.addEventListener('abort', () => wake());
      while (!signal.aborted) {
        const events = waiting;
        waiting = [];
        if (events.length > 0) yield { events, revision };
        else
          await new Promise((resolve) => {
            wake = resolve;
          });
      }
    },
    write: (i) => {
      revision += 1;
      waiting.push({ type: 'put', key: key(i % count), modRevision: revision, created: false, value: value(i % count) });
      wake();
    },
  };
}

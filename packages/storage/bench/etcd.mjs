// CPU per operation of the etcd backend against one real member, in this process and in etcd. Needs `npm run build`.
// node bench/etcd.mjs [seconds per case]
import { readFileSync } from 'node:fs';
import { EtcdBackend } from '../dist/etcd/index.js';
import { startEtcd } from '../dist/testing/etcd/index.js';

const SECONDS = Number(process.argv[2] ?? 3);
const KEYS = 512;
const VALUE = Buffer.alloc(2560, 'x');
/** Clock ticks of /proc/<pid>/stat, in µs. */
const TICK_US = 10_000;

const key = (i) => `/registry/bench/${i % KEYS}`;

function etcdCpuUs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

/** Runs `operation(i)` again and again, `concurrency` at a time. */
async function measure(name, concurrency, pid, operation) {
  const end = performance.now() + SECONDS * 1000;
  let count = 0;
  const worker = async () => {
    while (performance.now() < end) await operation(count++);
  };
  const before = { cpu: process.cpuUsage(), etcd: etcdCpuUs(pid), at: performance.now() };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const { user, system } = process.cpuUsage(before.cpu);
  const seconds = (performance.now() - before.at) / 1000;
  const us = (total) => (total / count).toFixed(1).padStart(7);
  const figures = `${us(user + system)} µs/op ${us(etcdCpuUs(pid) - before.etcd)} µs/op in etcd ${String(Math.round(count / seconds)).padStart(7)} ops/s`;
  console.log(`${name.padEnd(16)} c${String(concurrency).padEnd(3)} ${figures}`);
}

async function putAll(backend) {
  const revisions = [];
  for (let i = 0; i < KEYS; i++) {
    const { kv } = await backend.get(key(i));
    revisions.push((await backend.put(key(i), VALUE, kv?.modRevision ?? 0)).revision);
  }
  return revisions;
}

const cluster = await startEtcd();
const backend = new EtcdBackend({ endpoints: cluster.endpoints });
try {
  const { pid } = cluster.members[0];
  const revisions = await putAll(backend);
  for (const concurrency of [1, 16, 64]) {
    await measure('get', concurrency, pid, (i) => backend.get(key(i)));
    await measure('currentRevision', concurrency, pid, () => backend.currentRevision());
    await measure('put', concurrency, pid, async (i) => {
      const at = i % KEYS;
      revisions[at] = (await backend.put(key(at), VALUE, revisions[at])).revision;
    });
  }
  await measure('list (512 keys)', 4, pid, () => backend.list('/registry/bench/'));
} finally {
  await backend.close();
  await cluster.stop();
}

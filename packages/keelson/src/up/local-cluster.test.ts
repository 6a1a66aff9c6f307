import { EventEmitter, once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseFlags } from '../flags/parse-flags.js';
import type { ClusterPaths } from './cluster-paths.js';
import { clusterPaths } from './cluster-paths.js';
import type { LocalCluster } from './local-cluster.js';
import { prepareCluster } from './prepare-cluster.js';
import type { ProcessStatus } from './supervised-process.js';
import { freePortRange } from './testing/free-ports.js';
import { upFlags } from './up-flags.js';

const fakeApiServer = fileURLToPath(new URL('testing/fake-apiserver.mjs', import.meta.url));
const silent = { print: () => undefined, warn: () => undefined, fail: () => undefined };

let dir: string;
let paths: ClusterPaths;
let cluster: LocalCluster | undefined;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-up-'));
  paths = clusterPaths(dir);
});

afterEach(async () => {
  await cluster?.stop();
  cluster = undefined;
  await rm(dir, { recursive: true });
});

interface Prepared {
  readonly cluster: LocalCluster;
  readonly states: EventEmitter;
  readonly order: string[];
}

/** A cluster of real etcd members and a real HAProxy; only the API servers are replaced. */
async function prepare(ports: { secure: number; etcd: number }, extra: readonly string[] = [], masters = 3): Promise<Prepared> {
  const args = [`--masters=${masters}`, `--data-dir=${dir}`, `--secure-port=${ports.secure}`, `--etcd-port=${ports.etcd}`, ...extra];
  const { values, given } = parseFlags(upFlags, args);
  const states = new EventEmitter();
  const order: string[] = [];
  const prepared = await prepareCluster({
    paths,
    flags: values,
    given,
    output: silent,
    apiServer: [process.execPath, fakeApiServer],
    report: (status: ProcessStatus) => {
      order.push(`${status.name} ${status.state}`);
      states.emit(`${status.name} ${status.state}`, status);
    },
  });
  cluster = prepared;
  return { cluster: prepared, states, order };
}

async function freePorts(): Promise<{ secure: number; etcd: number }> {
  const first = await freePortRange(10);
  return { secure: first, etcd: first + 4 };
}

interface Answer {
  readonly pid: number;
  readonly flags: Readonly<Record<string, string>>;
}

/** Asks through the load balancer with the administrator's certificate, on a connection of its own. */
async function ask(url: string): Promise<Answer> {
  const [ca, cert, key] = await Promise.all(['ca.crt', 'admin.crt', 'admin.key'].map((file) => readFile(join(paths.pki, file))));
  return new Promise((resolve, reject) => {
    const call = request(url, { ca, cert, key, agent: false, timeout: 5000 }, async (response) => {
      resolve(JSON.parse((await response.toArray()).join('')));
    });
    call.on('timeout', () => call.destroy(new Error('timed out')));
    call.on('error', reject);
    call.end();
  });
}

/** Waits until a process has logged `text`. */
async function logged(name: string, text: string): Promise<void> {
  while (!(await readFile(join(paths.logs, `${name}.log`), 'utf8')).includes(text)) await delay(100);
}

describe('keelson up --masters 3', () => {
  it('runs etcd, replicas and HAProxy, spreads requests, and stops from the clients inwards', async () => {
    const ports = await freePorts();
    const { cluster, order } = await prepare(ports, ['--max-requests-inflight=123', '--runtime-config=api/alpha=true']);
    expect(await cluster.start()).toBe(true);
    expect(cluster.url).toBe(`https://127.0.0.1:${ports.secure}`);
    expect(cluster.processes.map(({ name, state }) => `${name} ${state}`)).toEqual(
      ['etcd-0', 'etcd-1', 'etcd-2', 'apiserver-0', 'apiserver-1', 'apiserver-2', 'haproxy'].map((name) => `${name} ready`),
    );

    const answers: Answer[] = [];
    for (let asked = 0; asked < 9; asked++) answers.push(await ask(cluster.url));
    expect(new Set(answers.map(({ pid }) => pid)).size).toBe(3);
    expect(answers[0]?.flags).toMatchObject({
      'etcd-servers': [0, 2, 4].map((offset) => `https://127.0.0.1:${ports.etcd + offset}`).join(','),
      'max-requests-inflight': '123',
      'runtime-config': 'api/alpha=true',
    });

    await cluster.stop();
    await cluster.whenStopped;
    const stopped = order.filter((line) => line.endsWith('stopped')).map((line) => line.split('-')[0]);
    expect(order.filter((line) => line.endsWith('restarting'))).toEqual([]);
    expect(stopped).toEqual(['apiserver', 'apiserver', 'apiserver', 'haproxy stopped', 'etcd', 'etcd', 'etcd']);
    expect(await readFile(join(paths.logs, 'apiserver-0.log'), 'utf8')).toContain('draining');
  });

  it('keeps serving when a replica is killed, and brings it back', async () => {
    const { cluster, states } = await prepare(await freePorts());
    await cluster.start();
    const victim = cluster.processes.find(({ name }) => name === 'apiserver-1');
    const gone = once(states, 'apiserver-1 restarting');
    const back = once(states, 'apiserver-1 ready');
    process.kill(victim?.pid ?? 0, 'SIGKILL');
    const [status] = await gone;
    expect(status.detail).toBe('ended (signal SIGKILL), starts again in 1 s');
    for (let asked = 0; asked < 6; asked++) expect((await ask(cluster.url)).pid).not.toBe(victim?.pid);
    await back;
  });

  it('takes a replica that hangs out of the load balancer until it answers again', async () => {
    const { cluster } = await prepare(await freePorts());
    await cluster.start();
    const victim = cluster.processes.find(({ name }) => name === 'apiserver-1')?.pid ?? 0;
    process.kill(victim, 'SIGSTOP');
    await logged('haproxy', 'Server apiservers/apiserver-1 is DOWN');
    for (let asked = 0; asked < 6; asked++) expect((await ask(cluster.url)).pid).not.toBe(victim);
    process.kill(victim, 'SIGCONT');
    await logged('haproxy', 'Server apiservers/apiserver-1 is UP');
  });

  it('resumes its data with the ports of the first start, and refuses another number of masters', async () => {
    const ports = await freePorts();
    const first = await prepare(ports, [], 1);
    await first.cluster.start();
    await first.cluster.stop();
    const second = await prepare({ secure: ports.secure, etcd: ports.etcd + 100 }, [], 1);
    expect(await second.cluster.start()).toBe(true);
    expect(second.cluster.processes[0]?.endpoint).toBe(`https://127.0.0.1:${ports.etcd}`);
    expect(await readFile(join(paths.logs, 'etcd-0.log'), 'utf8')).toContain('restarting local member');
    await second.cluster.stop();
    await expect(prepare(ports, [], 3)).rejects.toThrow(
      `${dir} holds a cluster of 1 masters: start it with --masters 1, or choose another directory with --data-dir`,
    );
  });

  it('stops what runs when something fails to start', async () => {
    const { cluster } = await prepare(await freePorts(), [], 1);
    const blocked = createServer((socket) => socket.destroy()).listen(
      Number(new URL(cluster.processes[1]?.endpoint ?? '').port),
      '127.0.0.1',
    );
    await once(blocked, 'listening');
    await expect(cluster.start()).rejects.toThrow(/^apiserver-0 ended \(code 1\)\. The end of .*EADDRINUSE/s);
    expect(cluster.processes.map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped']);
    blocked.close();
    await once(blocked, 'close');
  });

  it('can be stopped while it starts', async () => {
    const { cluster, states } = await prepare(await freePorts(), [], 1);
    const starting = once(states, 'etcd-0 starting');
    const started = cluster.start();
    await starting;
    await cluster.stop();
    expect(await started).toBe(false);
    expect(cluster.processes.map(({ pid }) => pid)).toEqual([undefined, undefined, undefined]);
  });

  it('names ports in use before anything starts', async () => {
    const ports = await freePorts();
    const blocked = createServer().listen(ports.etcd + 1, '127.0.0.1');
    await once(blocked, 'listening');
    await expect(prepare(ports)).rejects.toThrow(
      `port ${ports.etcd + 1} on 127.0.0.1 for etcd-0 is in use by another program: stop it, or choose another port with --etcd-port`,
    );
    blocked.close();
    await once(blocked, 'close');
  });

  it("says what is wrong with a replica's flag before anything starts", async () => {
    await expect(prepare(await freePorts(), ['--goaway-chance=0.5'])).rejects.toThrow(
      '--goaway-chance can not be less than 0 or greater than 0.02',
    );
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { type ADD, CoreV1Api, type DELETE, KubeConfig, makeInformer, type UPDATE, type V1ConfigMap } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpsGet } from '../support/https-get.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { clusterProcessId, startCluster } from '../support/start-cluster.js';
import { waitUntil } from '../support/wait-until.js';

const replicas = ['apiserver-0', 'apiserver-1', 'apiserver-2'];
const namespace = 'informed';
const writeEveryMs = 15;
const restartAfterMs = 100;

type Verb = typeof ADD | typeof UPDATE | typeof DELETE;

let server: RunningKeelson | undefined;
let api: CoreV1Api;
let config: KubeConfig;

beforeAll(async () => {
  // Nobody else is to write config maps.
  server = await startCluster({ masters: 3, flags: { controllers: '' } });
  config = new KubeConfig();
  config.loadFromFile(server.kubeconfig);
  api = config.makeApiClient(CoreV1Api);
  await api.createNamespace({ body: { metadata: { name: namespace } } });
});

afterAll(() => server?.stop());

describe('an informer behind HAProxy', () => {
  it('sees every event once and in order while every replica is killed in turn', async () => {
    const seen = new Map<string, string[]>();
    const informer = followConfigMaps(seen);
    await informer.start();
    const written = new Map<string, string[]>();
    const writer = new Writer(written);
    const writing = writer.run();
    for (const replica of replicas) await killAndAwait(replica);
    writer.stop();
    await writing;
    await waitUntil('the last event', () => (seen.get(lastName)?.at(-1) === 'delete' ? true : undefined));
    await informer.stop();
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(written));
    expect(written.size).toBeGreaterThan(replicas.length);
  });
});

const lastName = 'last';

/** Notes every event by object, starting again when the connection is cut as controllers do. */
function followConfigMaps(seen: Map<string, string[]>) {
  const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, () => api.listNamespacedConfigMap({ namespace }));
  const note = (verb: Verb) => (configMap: V1ConfigMap) => {
    const name = configMap.metadata?.name ?? '';
    const text = verb === 'delete' ? verb : `${verb} ${configMap.data?.n}`;
    seen.set(name, [...(seen.get(name) ?? []), text]);
  };
  for (const verb of ['add', 'update', 'delete'] as const) informer.on(verb, note(verb));
  informer.on('error', () => {
    setTimeout(() => void informer.start(), restartAfterMs);
  });
  return informer;
}

/**
 * Creates, changes and deletes config maps one after the other. A write whose answer was lost is sent again, which
 * changes nothing if it had been done: each write is one event at most.
 */
class Writer {
  readonly #written: Map<string, string[]>;
  #stopped = false;

  constructor(written: Map<string, string[]>) {
    this.#written = written;
  }

  async run(): Promise<void> {
    for (let index = 0; !this.#stopped; index++) await this.#life(`object-${index}`);
    await this.#life(lastName);
  }

  /** Lets it finish the object it is at, and write a last one. */
  stop(): void {
    this.#stopped = true;
  }

  async #life(name: string): Promise<void> {
    const body = (n: string): V1ConfigMap => ({ metadata: { name }, data: { n } });
    await this.#write(name, 'add 0', () => api.createNamespacedConfigMap({ namespace, body: body('0') }), 409);
    for (const n of ['1', '2'])
      await this.#write(name, `update ${n}`, () => api.replaceNamespacedConfigMap({ name, namespace, body: body(n) }));
    await this.#write(name, 'delete', () => api.deleteNamespacedConfigMap({ name, namespace }), 404);
  }

  /** `doneCode` says of a repeated write that it was done before. */
  async #write(name: string, event: string, send: () => Promise<unknown>, doneCode?: number): Promise<void> {
    await waitUntil(`the write "${event}" of ${name}`, async () => ((await isDone(send, doneCode)) ? true : undefined));
    this.#written.set(name, [...(this.#written.get(name) ?? []), event]);
    await sleep(writeEveryMs);
  }
}

async function isDone(send: () => Promise<unknown>, doneCode: number | undefined): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (error) {
    return doneCode !== undefined && (error as { code?: unknown }).code === doneCode;
  }
}

/** Kills a replica without warning and waits until the one started in its place is ready. */
async function killAndAwait(replica: string): Promise<void> {
  if (server === undefined) throw new Error('no cluster was started');
  const { dir, url, ca, adminToken } = server;
  const killed = await clusterProcessId(dir, replica);
  process.kill(killed, 'SIGKILL');
  await waitUntil(`${replica} to be started again`, async () =>
    (await clusterProcessId(dir, replica).catch(() => killed)) === killed ? undefined : true,
  );
  const port = Number(new URL(url).port) + 1 + replicas.indexOf(replica);
  await waitUntil(`${replica} to be ready`, async () =>
    (await httpsGet(`https://127.0.0.1:${port}/readyz`, ca, adminToken))?.code === 200 ? true : undefined,
  );
  // Until the load balancer knows, too, killing the next one would leave it with a single server.
  await sleep(3000);
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiLoader } from './api-loader.js';
import { ClientProcess } from './client-process.js';
import { podPath } from './pod-fixture.js';
import { type ServerSetup, ServerUnderTest, TOKEN } from './server-under-test.js';

/** The program keeps its compiled code five seconds after its start. */
const COMPILED_CODE_KEPT_MS = 5500;

/** Fills the store of a server with copies of a pod. */
export class StoreFixture {
  constructor(
    private readonly setup: ServerSetup,
    private readonly programs: string,
  ) {}

  /** Certificates, namespaces, and one pod to copy. The first start also leaves compiled code behind, as a first start does. */
  async prepare(more: (server: ServerUnderTest) => Promise<void> = async () => undefined): Promise<void> {
    const server = await ServerUnderTest.start(this.setup);
    try {
      const loader = new ApiLoader(server.url, TOKEN);
      await loader.createNamespaces();
      await loader.createPods(1, () => undefined);
      await writeFile(this.#template, await server.call('GET', podPath(0)));
      await server.call('DELETE', `${podPath(0)}?gracePeriodSeconds=0`);
      await more(server);
      await sleep(COMPILED_CODE_KEPT_MS);
    } finally {
      await server.stop();
    }
  }

  /** While no server runs on it. */
  async load(first: number, count: number): Promise<void> {
    const { dir, etcdUrl } = this.setup;
    const place = etcdUrl === undefined ? ['embedded', join(dir, 'store')] : ['etcd', etcdUrl];
    const args = [this.#template, String(first), String(count), ...place];
    await ClientProcess.start(join(this.programs, 'store-loader.mjs'), args).then(({ process }) => process.stop());
  }

  get #template(): string {
    return join(this.setup.dir, 'pod.json');
  }
}

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../packages/keelson/src/testing/free-port.js';
import { TestProcess } from '../support/child-process.js';
import type { Kubectl } from '../support/kubectl.js';
import type { RunningKeelson } from '../support/running-keelson.js';

const examples = fileURLToPath(new URL('../../packages/sdk/dist/examples', import.meta.url));
const startMs = 60_000;

/** A sample of the SDK, run as its author would: a process with a kubeconfig. */
export class ExtensionProcess {
  readonly #sample: string;
  readonly #server: RunningKeelson;
  readonly #dir: string;
  readonly port: number;
  #process: TestProcess | undefined;

  private constructor(sample: string, server: RunningKeelson, dir: string, port: number) {
    this.#sample = sample;
    this.#server = server;
    this.#dir = dir;
    this.port = port;
  }

  static async make(sample: string, server: RunningKeelson): Promise<ExtensionProcess> {
    const dir = join(server.dir, sample);
    await mkdir(dir, { recursive: true });
    return new ExtensionProcess(sample, server, dir, await freePort());
  }

  /** Fulfilled when the cluster has found it to be available. */
  async start(kubectl: Kubectl, ...apiServices: readonly string[]): Promise<void> {
    const environment = {
      ...process.env,
      KUBECONFIG: this.#server.kubeconfig,
      PORT: String(this.port),
      ETCD: `embedded:${join(this.#dir, 'data')}`,
    };
    const started = new TestProcess([process.execPath, join(examples, this.#sample, 'main.js')], join(this.#dir, 'log'), environment);
    this.#process = started;
    await started.ready(async () => (await Promise.all(apiServices.map((name) => isAvailable(kubectl, name)))).every(Boolean), startMs);
  }

  /** As a machine that loses its power. */
  async kill(): Promise<void> {
    this.#process?.signal('SIGKILL');
    await this.#process?.ended();
  }

  /** What it ended with. */
  async stop(): Promise<number | NodeJS.Signals | null | undefined> {
    this.#process?.signal('SIGTERM');
    return this.#process?.ended();
  }
}

async function isAvailable(kubectl: Kubectl, apiService: string): Promise<boolean> {
  const path = '{.status.conditions[?(@.type=="Available")].status}';
  const { stdout } = await kubectl.run(['get', 'apiservice', apiService, `--output=jsonpath=${path}`]);
  return stdout === 'True';
}

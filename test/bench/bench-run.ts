import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePortRange } from '../../packages/keelson/src/up/testing/free-ports.js';
import { startEtcd } from '../support/start-etcd.js';
import { BareUnit } from './bare-unit.js';
import { ClientProcess } from './client-process.js';
import type { LoadOrder } from './load-client.js';
import { measureControlPlanes } from './measure-control-planes.js';
import { measureDefinitions } from './measure-definitions.js';
import { measureFanOut } from './measure-fan-out.js';
import { type Bench, measureRequests, median } from './measure-requests.js';
import type { BenchOptions } from './options.js';
import { forgetPeak, peakMegabytes, rssMegabytes } from './process-usage.js';
import { Profiler } from './profiler.js';
import { everythingAtOnce, requestScenarios } from './request-scenarios.js';
import type { Result } from './result.js';
import { call, type ServerSetup, ServerUnderTest, TOKEN } from './server-under-test.js';
import { StoreFixture } from './store-fixture.js';

const PODS = 10_000;
const PODS_AT_START = 20_000;
const STARTS = 3;
/** For caches to fill and the garbage of the start to go. */
const IDLE_MS = 3000;
/** What a server has behind it that has run for a while: compiled code, objects encoded once. */
const WARM_UP: readonly LoadOrder[] = [
  { scenario: 'list10k', forMs: 1500 },
  { scenario: 'get-rv0', forMs: 1500 },
];
const FAN_OUTS = [
  { protocol: 'h1', aimUnits: 0.8 },
  { protocol: 'h2', aimUnits: 0.4 },
] as const;
const STARTS_EMPTY = 'start-empty';
const STARTS_FULL = 'start-20k-pods';
const PEAK = 'peak-8-lists';
const DEFINITIONS = 'definitions';
const CONTROL_PLANES = 'control-plane';

export const scenarioNames: readonly string[] = [
  STARTS_EMPTY,
  ...requestScenarios.map(({ name }) => name),
  ...FAN_OUTS.map(({ protocol }) => `watch-${protocol}`),
  PEAK,
  STARTS_FULL,
  DEFINITIONS,
  CONTROL_PLANES,
];

/** Where the programs of the benchmark and the checkout are. */
export interface BenchPlaces {
  readonly programs: string;
  readonly root: string;
}

/** One run: starts on an empty store, requests and watches on 10 000 pods, memory, starts on 20 000 pods. */
export class BenchRun {
  readonly results: Result[] = [];
  readonly #costs = new Map<string, number>();

  private constructor(
    private readonly options: BenchOptions,
    private readonly places: BenchPlaces,
    private readonly setup: ServerSetup,
    private readonly onResult: (result: Result) => void,
  ) {}

  static async run(options: BenchOptions, places: BenchPlaces, onResult: (result: Result) => void): Promise<readonly Result[]> {
    const dir = await mkdtemp(join(tmpdir(), 'keelson-bench-'));
    await mkdir(join(dir, 'store'));
    const etcd = options.backend === 'etcd' ? await startEtcd(dir) : undefined;
    const setup = { program: resolve(places.root, options.program), nodeOptions: options.nodeOptions, dir, etcdUrl: etcd?.url };
    const run = new BenchRun(options, places, setup, onResult);
    try {
      await run.#phases();
    } finally {
      await etcd?.stop();
      await rm(dir, { recursive: true, force: true });
    }
    return run.results;
  }

  async #phases(): Promise<void> {
    const fixture = new StoreFixture(this.setup, this.places.programs);
    await fixture.prepare();
    await this.#starts(STARTS_EMPTY, 0.7, 'idle-empty', 110);
    const apart = [STARTS_EMPTY, DEFINITIONS, CONTROL_PLANES];
    if (this.#wants(...scenarioNames.filter((name) => !apart.includes(name)))) await this.#withPods(fixture);
    if (this.#wants(DEFINITIONS)) await this.#definitions();
    if (this.#wants(CONTROL_PLANES)) await measureControlPlanes(this.places.programs, (result) => this.#report(result));
  }

  async #withPods(fixture: StoreFixture): Promise<void> {
    await fixture.load(0, PODS);
    const inspectorPort = this.options.profile ? await freePortRange(1) : undefined;
    await this.#withServer((server) => this.#requestsAndWatches(server, inspectorPort), inspectorPort);
    if (this.#wants(PEAK)) await this.#withServer((server) => this.#peak(server));
    if (!this.#wants(STARTS_FULL)) return;
    await fixture.load(PODS, PODS_AT_START - PODS);
    await this.#starts(STARTS_FULL, 1.5, 'idle-20k-pods', 300);
  }

  /** On a store of its own, as definitions stay. */
  async #definitions(): Promise<void> {
    const dir = join(this.setup.dir, DEFINITIONS);
    await mkdir(join(dir, 'store'), { recursive: true });
    const inspectorPort = this.options.profile ? await freePortRange(1) : undefined;
    const server = await ServerUnderTest.start({ ...this.setup, dir, flags: { 'etcd-prefix': '/definitions' } }, inspectorPort);
    const profiler = inspectorPort === undefined ? undefined : await this.#profiler(inspectorPort);
    try {
      const measure = () => measureDefinitions(server, (result) => this.#report(result));
      await (profiler?.profile(DEFINITIONS, measure) ?? measure());
    } finally {
      profiler?.close();
      await server.stop();
    }
  }

  #profiler(inspectorPort: number): Promise<Profiler> {
    return Profiler.connect(inspectorPort, join(this.places.root, 'bench-results/profiles'));
  }

  #wants(...names: readonly string[]): boolean {
    const { only } = this.options;
    return only.length === 0 || names.some((name) => only.some((text) => name.includes(text)));
  }

  async #withServer(work: (server: ServerUnderTest) => Promise<void>, inspectorPort?: number): Promise<void> {
    const server = await ServerUnderTest.start(this.setup, inspectorPort);
    try {
      await work(server);
    } finally {
      await server.stop();
    }
  }

  #report(result: Result): void {
    this.results.push(result);
    if (result.unit === 'µs') this.#costs.set(result.scenario, result.value);
    this.onResult(result);
  }

  async #starts(scenario: string, aim: number, idleScenario: string, idleAim: number): Promise<void> {
    if (!this.#wants(scenario)) return;
    const seconds: number[] = [];
    for (let i = 0; i < STARTS; i++) {
      await this.#withServer(async (server) => {
        seconds.push(server.readyMs / 1000);
        if (i < STARTS - 1) return;
        this.#report({ scenario, unit: 's', value: median(seconds), aim });
        await sleep(IDLE_MS);
        this.#report({ scenario: idleScenario, unit: 'MB', value: rssMegabytes(server.pid), aim: idleAim });
      });
    }
  }

  async #requestsAndWatches(server: ServerUnderTest, inspectorPort: number | undefined): Promise<void> {
    const { programs } = this.places;
    const bare = await BareUnit.start(programs, join(this.setup.dir, 'certificates'));
    const { process: client } = await ClientProcess.start(join(programs, 'load-client.mjs'), [server.url.href, TOKEN]);
    const profiler = inspectorPort === undefined ? undefined : await this.#profiler(inspectorPort);
    const measured = (name: string, work: () => Promise<Result>) => profiler?.profile(name, work) ?? work();
    const bench: Bench = { serverPid: server.pid, client, bare };
    try {
      const wanted = requestScenarios.filter(({ name }) => this.#wants(name));
      this.#report({ scenario: 'bare', unit: 'µs', value: await bare.measure(1000) });
      for (const order of WARM_UP) await client.ask(order);
      for (const scenario of wanted) {
        const work = () => measureRequests(bench, scenario, this.options.scenarioMs, this.#costs);
        this.#report(await measured(scenario.name, work));
        if (scenario.cleanUp !== undefined) await deleteAll(server, scenario.cleanUp);
      }
      for (const fanOut of FAN_OUTS) {
        if (!this.#wants(`watch-${fanOut.protocol}`)) continue;
        const work = () => measureFanOut(bench, programs, server.url, fanOut, this.options.scenarioMs);
        this.#report(await measured(`watch-${fanOut.protocol}`, work));
      }
    } finally {
      profiler?.close();
      await client.stop();
      await bare.stop();
    }
  }

  async #peak(server: ServerUnderTest): Promise<void> {
    const { process: client } = await ClientProcess.start(join(this.places.programs, 'load-client.mjs'), [server.url.href, TOKEN]);
    try {
      forgetPeak(server.pid);
      await client.ask({ scenario: everythingAtOnce.name, forMs: 1000 });
      this.#report({ scenario: PEAK, unit: 'MB', value: peakMegabytes(server.pid), aim: 350 });
    } finally {
      await client.stop();
    }
  }
}

/** What a collection has is deleted one after the other, which takes longer than a request may where the disk is slow. */
async function deleteAll({ url }: ServerUnderTest, path: string): Promise<void> {
  for (;;) {
    const answer = await call(url, 'DELETE', path);
    if (answer?.status === 200) return;
    if (answer?.status !== 504) throw new Error(`DELETE ${path}: ${answer?.status} ${answer?.text.slice(0, 500)}`);
  }
}

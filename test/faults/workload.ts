import { waitUntil } from '../support/wait-until.js';
import type { AnyServer } from './any-server.js';
import { ConfigMaps, revisionOf } from './config-maps.js';
import { Counter } from './counter.js';
import { Register } from './register.js';
import { WatchLog } from './watch-log.js';

const registers = 6;
const adders = 3;

/** Writers, readers and watches that are at work on every server of a cluster, and what of their findings cannot be. */
export class Workload {
  readonly contradictions: string[] = [];
  readonly registers: readonly Register[];
  readonly counter: Counter;
  readonly watches: readonly WatchLog[];
  /** What the counter has come to in the end. */
  counted = 0;
  readonly #configMaps: ConfigMaps;
  readonly #work: Promise<void>[] = [];
  #ended = false;

  static async begin(servers: AnyServer, namespace: string): Promise<Workload> {
    const workload = new Workload(servers, namespace);
    await Promise.all([workload.counter.create(), ...workload.registers.map((register) => register.create())]);
    workload.#start(servers.ports);
    return workload;
  }

  private constructor(servers: AnyServer, namespace: string) {
    const contradict = (what: string) => void this.contradictions.push(what);
    const configMaps = new ConfigMaps(servers, namespace);
    this.#configMaps = configMaps;
    this.registers = Array.from({ length: registers }, (_, i) => new Register(`register-${i}`, configMaps, contradict));
    this.counter = new Counter('counter', configMaps);
    this.watches = servers.ports.map((port) => new WatchLog(port, servers, configMaps, contradict));
  }

  #start(ports: readonly number[]): void {
    for (const register of this.registers) this.#repeat(() => register.write());
    for (let i = 0; i < adders; i++) this.#repeat(() => this.counter.add());
    for (const port of ports) this.#repeat(() => this.#checkList(port));
    for (const watch of this.watches) this.#work.push(watch.run());
  }

  #repeat(act: () => Promise<void>): void {
    const repeated = async () => {
      while (!this.#ended) await act();
    };
    this.#work.push(repeated());
  }

  /** Lets all come to rest in a cluster that is whole, and looks at what is there then. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#checkWatches();
    await Promise.all(this.#work);
    await this.#checkList();
    this.counted = await this.counter.value();
  }

  /** A list shows whatever was acknowledged before it was asked for. */
  async #checkList(port?: number): Promise<void> {
    const before = this.registers.map(({ name, revision }) => ({ name, revision }));
    const { code, body } = await this.#configMaps.list(port);
    if (code !== 200 || body === undefined) return;
    for (const { name, revision } of before) {
      const found = body.items.find(({ metadata }) => metadata.name === name);
      const listed = found === undefined ? 0 : revisionOf(found);
      if (listed < revision) this.contradictions.push(`a list has ${name} of ${listed}, ${revision} was acknowledged`);
    }
  }

  /** A watch shows every acknowledged write since the list it began with. */
  async #checkWatches(): Promise<void> {
    for (const watch of this.watches) {
      for (const register of this.registers) {
        await waitUntil(`${register.name} at ${watch.port}`, () => (watch.revisionsOf(register.name).at(-1) ?? 0) >= register.revision);
        const seen = new Set(watch.revisionsOf(register.name));
        const [first = 0] = seen;
        const missed = register.acknowledged.filter(({ revision }) => revision > first && !seen.has(revision));
        for (const { revision } of missed) this.contradictions.push(`the watch at ${watch.port} missed ${register.name} of ${revision}`);
      }
      watch.stop();
    }
  }
}

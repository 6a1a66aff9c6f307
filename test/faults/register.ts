import type { Outcome } from './any-server.js';
import { type ConfigMap, type ConfigMaps, revisionOf } from './config-maps.js';

/** A value that one writer counts up. What was acknowledged must be read by everybody from then on, until the next write. */
export class Register {
  readonly name: string;
  /** Revision and value of every acknowledged write. */
  readonly acknowledged: { readonly revision: number; readonly n: number }[] = [];
  readonly #configMaps: ConfigMaps;
  readonly #contradict: (what: string) => void;
  /** Values of writes that nobody knows of: they may come to be read at any time. */
  readonly #unknown = new Set<number>();
  #n = 0;

  constructor(name: string, configMaps: ConfigMaps, contradict: (what: string) => void) {
    this.name = name;
    this.#configMaps = configMaps;
    this.#contradict = (what) => contradict(`${name}: ${what}`);
  }

  /** What readers must see at least. */
  get revision(): number {
    return this.acknowledged.at(-1)?.revision ?? 0;
  }

  async create(): Promise<void> {
    const { metadata } = await this.#configMaps.create(this.name, this.#n);
    this.acknowledged.push({ revision: Number(metadata.resourceVersion), n: this.#n });
  }

  async write(): Promise<void> {
    const { code, body } = await this.#configMaps.read(this.name);
    if (code === 404) this.#contradict('is gone');
    if (code !== 200 || body === undefined) return;
    this.check(body);
    const n = ++this.#n;
    this.#settle(n, await this.#configMaps.replace(body, n));
  }

  /** What a reader found who began to read now. */
  check(read: ConfigMap): void {
    const last = this.acknowledged.at(-1);
    const n = Number(read.data.n);
    if (n !== last?.n && !this.#unknown.has(n)) this.#contradict(`${n} was read, ${last?.n} was acknowledged`);
    if (revisionOf(read) < this.revision) this.#contradict(`revision ${revisionOf(read)} was read, ${this.revision} was acknowledged`);
  }

  #settle(n: number, { code, body }: Outcome<ConfigMap>): void {
    if (code === 200 && body !== undefined) this.acknowledged.push({ revision: revisionOf(body), n });
    else if (code === 409 && this.#unknown.size === 0) this.#contradict(`${n} is in conflict with nobody's write`);
    else if (code === undefined || code >= 500) this.#unknown.add(n);
  }
}

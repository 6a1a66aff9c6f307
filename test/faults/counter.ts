import type { ConfigMaps } from './config-maps.js';

/** One value that many count up: no two additions over the same state may both be acknowledged. */
export class Counter {
  acknowledged = 0;
  unknown = 0;
  readonly #name: string;
  readonly #configMaps: ConfigMaps;

  constructor(name: string, configMaps: ConfigMaps) {
    this.#name = name;
    this.#configMaps = configMaps;
  }

  async create(): Promise<void> {
    await this.#configMaps.create(this.#name, 0);
  }

  async add(): Promise<void> {
    const { body } = await this.#configMaps.read(this.#name);
    if (body?.data === undefined) return;
    const { code } = await this.#configMaps.replace(body, Number(body.data.n) + 1);
    if (code === 200) this.acknowledged++;
    else if (code === undefined || code >= 500) this.unknown++;
  }

  async value(): Promise<number> {
    const { body } = await this.#configMaps.read(this.#name);
    return Number(body?.data.n);
  }
}

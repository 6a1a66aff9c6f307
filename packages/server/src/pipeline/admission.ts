import type { AdmissionAttributes, AdmissionPlugin } from '@keelson/machinery';

/** The admission plugins in their order: first all that change an object, later all that judge the final one. */
export class Admission {
  readonly #mutating: readonly AdmissionPlugin[];
  readonly #validating: readonly AdmissionPlugin[];

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#mutating = plugins.filter((plugin) => plugin.admit !== undefined);
    this.#validating = plugins.filter((plugin) => plugin.validate !== undefined);
  }

  async mutate(attributes: AdmissionAttributes): Promise<void> {
    for (const plugin of this.#mutating) if (plugin.handles(attributes.operation)) await plugin.admit?.(attributes);
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    for (const plugin of this.#validating) if (plugin.handles(attributes.operation)) await plugin.validate?.(attributes);
  }

  get mutates(): boolean {
    return this.#mutating.length > 0;
  }
}

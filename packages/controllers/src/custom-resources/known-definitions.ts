import type { Definition } from '@keelson/extensions';

/** Definitions by name, and by group, which are those that names are shared with. */
export class KnownDefinitions {
  readonly #byName = new Map<string, Definition>();
  readonly #byGroup = new Map<string, Map<string, Definition>>();

  get(name: string): Definition | undefined {
    return this.#byName.get(name);
  }

  /** Their groups do not change. */
  set(name: string, definition: Definition): void {
    this.#byName.set(name, definition);
    const { group } = definition.spec;
    const known = this.#byGroup.get(group);
    if (known === undefined) this.#byGroup.set(group, new Map([[name, definition]]));
    else known.set(name, definition);
  }

  delete(name: string): void {
    const group = this.#byName.get(name)?.spec.group ?? '';
    this.#byName.delete(name);
    const known = this.#byGroup.get(group);
    known?.delete(name);
    if (known?.size === 0) this.#byGroup.delete(group);
  }

  inGroup(group: string): ReadonlyMap<string, Definition> {
    return this.#byGroup.get(group) ?? new Map();
  }
}

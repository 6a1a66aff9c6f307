import { type KubeObject, notFound } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { StoredForm } from '@keelson/server';
import { type KeyRange, type ListOptions, type ListPage, ReadOnlyStore, StoredObject } from '@keelson/storage';

/** A part of the control plane whose health can be asked for. */
export interface Component {
  readonly name: string;
  /** Rejects when it cannot be asked. */
  check(): Promise<ComponentHealth>;
}

export interface ComponentHealth {
  readonly healthy: boolean;
  /** What it says of itself, or why it is not healthy. */
  readonly message: string;
}

/** Asks components for their health instead of storing it. */
export class ComponentStatusStore extends ReadOnlyStore {
  readonly #form: StoredForm;
  readonly #components: readonly Component[];

  constructor(form: StoredForm, components: readonly Component[]) {
    super();
    this.#form = form;
    this.#components = components;
  }

  async get(path: string): Promise<{ readonly object?: StoredObject; readonly revision: number }> {
    const component = this.#components.find(({ name }) => name === path);
    if (component === undefined) throw notFound({ group: '', resource: 'componentstatus' }, path);
    return { object: await this.#ask(component), revision: 0 };
  }

  async list(_range: KeyRange, { selection }: ListOptions): Promise<ListPage> {
    const all = await Promise.all(this.#components.map((component) => this.#ask(component)));
    const items = selection === undefined ? all : all.filter((object) => selection.matches(object));
    return { items, length: items.length, revision: 0 };
  }

  async count(): Promise<number> {
    return this.#components.length;
  }

  async #ask(component: Component): Promise<StoredObject> {
    const status = { metadata: { name: component.name }, conditions: [await condition(component)] };
    return new StoredObject(component.name, this.#form.encode(status as KubeObject), 0, this.#form.indexer);
  }
}

async function condition(component: Component): Promise<core.v1.ComponentCondition> {
  try {
    const { healthy, message } = await component.check();
    return { type: 'Healthy', status: healthy ? 'True' : 'False', message };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { type: 'Healthy', status: 'False', error: text };
  }
}

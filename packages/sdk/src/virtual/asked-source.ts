import type { KubeObject } from '@keelson/machinery';
import { type KeyRange, type ListOptions, type ListPage, ReadOnlyStore, StoredObject } from '@keelson/storage';
import type { Source } from './source.js';
import { pathOf, type VirtualForm } from './virtual-object.js';

/** Objects of a source that cannot be watched: it is asked whenever somebody reads. They have no resourceVersion. */
export class AskedSource<T extends KubeObject> extends ReadOnlyStore {
  readonly #source: Source<T>;
  readonly #form: VirtualForm;

  constructor(source: Source<T>, form: VirtualForm) {
    super();
    this.#source = source;
    this.#form = form;
  }

  async get(path: string): Promise<{ readonly object?: StoredObject; readonly revision: number }> {
    const slash = path.lastIndexOf('/');
    const [namespace, name] = [path.slice(0, Math.max(slash, 0)), path.slice(slash + 1)];
    const found =
      this.#source.get === undefined
        ? (await this.#source.list({ namespace })).find((object) => pathOf(object) === path)
        : await this.#source.get({ namespace, name });
    return found === undefined ? { revision: 0 } : { object: this.#stored(found), revision: 0 };
  }

  async list({ path, exact }: KeyRange, { selection }: ListOptions): Promise<ListPage> {
    const namespace = path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
    const found = (await this.#source.list({ namespace })).map((object) => this.#stored(object));
    const items = found
      .filter((object) => (exact ? object.path === path : object.path.startsWith(path)))
      .filter((object) => selection === undefined || selection.matches(object))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    return { items, length: items.length, revision: 0 };
  }

  async count(): Promise<number> {
    return (await this.#source.list({ namespace: '' })).length;
  }

  #stored(object: T): StoredObject {
    return new StoredObject(pathOf(object), this.#form.encode(object), 0, this.#form.indexer);
  }
}

import type { KeyRange, RangeSize } from '../resource-store.js';
import type { StoredObject } from '../stored-object.js';

interface Tally {
  objects: number;
  bytes: number;
}

const nothing: RangeSize = { objects: 0, bytes: 0 };

/** How much is stored in all, and in each namespace: kept as objects come and go. */
export class RangeSizes {
  #all: Tally = { objects: 0, bytes: 0 };
  readonly #byNamespace = new Map<string, Tally>();

  replace(previous: StoredObject | undefined, current: StoredObject | undefined): void {
    const path = (current ?? previous)?.path ?? '';
    const objects = Number(current !== undefined) - Number(previous !== undefined);
    const bytes = (current?.bytes.length ?? 0) - (previous?.bytes.length ?? 0);
    count(this.#all, objects, bytes);
    const namespace = path.slice(0, path.indexOf('/') + 1);
    if (namespace !== '') this.#countIn(namespace, objects, bytes);
  }

  clear(): void {
    this.#all = { objects: 0, bytes: 0 };
    this.#byNamespace.clear();
  }

  /** Of everything or of a namespace. */
  of({ path }: KeyRange): RangeSize {
    return path === '' ? this.#all : (this.#byNamespace.get(path) ?? nothing);
  }

  #countIn(namespace: string, objects: number, bytes: number): void {
    let tally = this.#byNamespace.get(namespace);
    if (tally === undefined) {
      tally = { objects: 0, bytes: 0 };
      this.#byNamespace.set(namespace, tally);
    }
    count(tally, objects, bytes);
    if (tally.objects === 0) this.#byNamespace.delete(namespace);
  }
}

function count(tally: Tally, objects: number, bytes: number): void {
  tally.objects += objects;
  tally.bytes += bytes;
}

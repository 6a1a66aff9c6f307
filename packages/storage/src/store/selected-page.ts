import type { Revision } from '../kv.js';
import type { ListPage, Selection } from '../resource-store.js';
import type { StoredObject } from '../stored-object.js';

/** Collects the objects of one page: those that match, up to the limit. */
export class SelectedPage {
  readonly items: StoredObject[] = [];
  #last: string | undefined;

  constructor(
    private readonly selection: Selection | undefined,
    private readonly limit: number | undefined,
  ) {}

  get full(): boolean {
    return this.limit !== undefined && this.limit > 0 && this.items.length >= this.limit;
  }

  /** Objects must come in ascending order of keys, and none once the page is full. */
  offer(object: StoredObject): void {
    this.#last = object.path;
    if (this.selection === undefined || this.selection.matches(object)) this.items.push(object);
  }

  /** `behind`: objects of the range that were not offered. */
  close(revision: Revision, behind: number): ListPage {
    const more = behind > 0 && this.#last !== undefined;
    return {
      items: this.items,
      length: this.items.length,
      revision,
      ...(more && { continueAfter: this.#last as string }),
      ...(more && this.selection === undefined && { remaining: behind }),
    };
  }
}

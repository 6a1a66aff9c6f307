import { StorageError } from './storage-error.js';
import type { StoredObject } from './stored-object.js';

/** Objects that one failure names at most. */
const NAMED = 100;

/** An object that cannot be read: its full key, and why. */
export interface UnreadableObject {
  readonly key: string;
  readonly why: string;
}

/** A list is not complete without some objects that cannot be read; `more`: there are others than those that are named. */
export class UnreadableObjects extends StorageError {
  constructor(
    readonly objects: readonly UnreadableObject[],
    readonly more: boolean,
  ) {
    super('unreadable', `unable to read ${objects.map(({ key }) => key).join(', ')}`);
  }
}

/** Gathers them while a list goes on; throws when there are too many to go on for. */
export class UnreadableCollector {
  readonly #objects: UnreadableObject[] = [];

  add(key: string, { unreadable }: StoredObject): void {
    if (this.#objects.length >= NAMED) throw new UnreadableObjects(this.#objects, true);
    const cause = unreadable?.cause ?? unreadable;
    this.#objects.push({ key, why: cause instanceof Error ? cause.message : String(cause) });
  }

  /** Throws if there are any. */
  check(): void {
    if (this.#objects.length > 0) throw new UnreadableObjects(this.#objects, false);
  }
}

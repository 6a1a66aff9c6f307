import { type BodyCache, EncodedBodies } from '../encoded-bodies.js';
import type { Revision } from '../kv.js';
import type { Selection, WatchEvent, WatchEventType } from '../resource-store.js';
import type { StoredObject } from '../stored-object.js';

/** A `WatchEvent`; holds its frames only once a watcher has made one. */
export class ObjectEvent implements WatchEvent {
  #encoded: EncodedBodies | undefined;

  constructor(
    readonly type: WatchEventType,
    readonly object: StoredObject,
    readonly revision: Revision,
    readonly previous?: StoredObject,
  ) {}

  get encoded(): EncodedBodies {
    this.#encoded ??= new EncodedBodies();
    return this.#encoded;
  }

  dropEncoded(): void {
    this.#encoded?.drop();
  }
}

const unkept: BodyCache = { get: () => undefined, set: () => undefined };

/** Initial event of an object that was there when the watch began. No other watcher gets it, so its frame is not kept. */
export class InitialEvent implements WatchEvent {
  readonly type = 'ADDED';
  readonly encoded = unkept;

  constructor(readonly object: StoredObject) {}

  get revision(): Revision {
    return this.object.revision;
  }
}

/**
 * One write of one object: what was there before and what is there now. Watchers with different selections see it as
 * different events; all that see the same type share one event.
 */
export class Change {
  #added: ObjectEvent | undefined;
  #modified: ObjectEvent | undefined;
  #deleted: ObjectEvent | undefined;

  /** `previous` is absent for a creation, `object` for a deletion; never both. */
  constructor(
    readonly path: string,
    readonly revision: Revision,
    readonly object: StoredObject | undefined,
    readonly previous: StoredObject | undefined,
  ) {}

  /** An object that leaves the selection is deleted for this watcher, one that enters it is added. */
  seenBy(selection: Selection | undefined): WatchEvent | undefined {
    const before = this.previous !== undefined && (selection === undefined || selection.matches(this.previous));
    const after = this.object !== undefined && (selection === undefined || selection.matches(this.object));
    if (after) return before ? this.#asModified() : this.#asAdded();
    return before ? this.#asDeleted() : undefined;
  }

  /** Bytes that stay in memory for the sake of this change: each state is the `object` of one change. */
  get bytes(): number {
    return this.object?.bytes.byteLength ?? 0;
  }

  /** Called when the change leaves the history. */
  dropEncoded(): void {
    this.#added?.dropEncoded();
    this.#modified?.dropEncoded();
    this.#deleted?.dropEncoded();
    this.#deleted?.object.dropEncoded();
  }

  #asAdded(): WatchEvent {
    this.#added ??= new ObjectEvent('ADDED', this.object as StoredObject, this.revision);
    return this.#added;
  }

  #asModified(): WatchEvent {
    this.#modified ??= new ObjectEvent('MODIFIED', this.object as StoredObject, this.revision, this.previous);
    return this.#modified;
  }

  #asDeleted(): WatchEvent {
    this.#deleted ??= new ObjectEvent('DELETED', (this.previous as StoredObject).at(this.revision), this.revision);
    return this.#deleted;
  }
}

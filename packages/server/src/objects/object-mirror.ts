import type { GroupVersionResource, KubeObject, ObjectReceiver } from '@keelson/machinery';
import { type FieldPath, fieldPath, type Omission } from '@keelson/schema';
import type { StoredObject } from '@keelson/storage';
import type { ResourceVersion } from '../resource/resource-version.js';
import type { ServedVersions } from '../served-versions.js';
import { MirrorRound } from './mirror-round.js';

/** A watch that was ended is begun again after this. */
const RETRY_MS = 100;

/** What the receiver was told last of an object. */
interface Told {
  readonly object: StoredObject;
  readonly version: ResourceVersion;
}

/**
 * Follows the objects of a resource, of all namespaces or of one, for as long as the server lives: over the ends of
 * single watches, and over those of the resource, which has no objects while it is not served.
 */
export class ObjectMirror<T extends KubeObject> {
  readonly #served: ServedVersions;
  readonly #gvr: GroupVersionResource;
  readonly #receiver: ObjectReceiver<T>;
  readonly #omission: Omission | undefined;
  readonly #onFailure: (error: unknown) => void;
  readonly #range: { readonly path: string };
  readonly #told = new Map<string, Told>();
  #round: MirrorRound | undefined;
  #next: NodeJS.Timeout | undefined;
  #unfollow: () => void = () => undefined;
  #synced: () => void = () => undefined;

  /** `namespace` '': all. */
  constructor(
    served: ServedVersions,
    gvr: GroupVersionResource,
    receiver: ObjectReceiver<T>,
    onFailure: (error: unknown) => void,
    namespace = '',
  ) {
    this.#served = served;
    this.#gvr = gvr;
    this.#receiver = receiver;
    this.#omission = receiver.unmanaged ? 'managedFields' : undefined;
    this.#onFailure = onFailure;
    this.#range = { path: namespace === '' ? '' : `${namespace}/` };
  }

  /** Resolves when the receiver has been told of everything that is there. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#synced = resolve;
      this.#unfollow = this.#served.onChange(this.#gvr, () => this.#beginAgain(0));
      this.#begin();
    });
  }

  stop(): void {
    this.#unfollow();
    this.#end();
    this.#synced();
  }

  #begin(): void {
    const version = this.#served.get(this.#gvr);
    if (version === undefined) {
      this.#complete(new Set());
      return;
    }
    const looksAt = this.#receiver.looksAt && fieldsOf(version, this.#receiver.looksAt);
    this.#round = new MirrorRound({
      set: (object) => this.#set({ object, version }, looksAt),
      delete: (object) => this.#delete({ object, version }),
      complete: (seen) => this.#complete(seen),
      end: (error) => {
        if (error !== undefined) this.#onFailure(error);
        this.#beginAgain(RETRY_MS);
      },
    });
    this.#round.start(version.resource.store, this.#range);
  }

  /** Not at once even where nothing has to be waited for: a resource that changes is taken away and comes back. */
  #beginAgain(afterMs: number): void {
    this.#end();
    this.#next = setTimeout(() => this.#begin(), afterMs).unref();
  }

  #end(): void {
    clearTimeout(this.#next);
    this.#round?.stop();
    this.#round = undefined;
  }

  #set(now: Told, looksAt: readonly FieldPath[] | undefined): void {
    const { object, version } = now;
    const known = this.#told.get(object.path);
    if (known?.object.revision === object.revision && known.version === version) return;
    this.#told.set(object.path, now);
    if (looksAt !== undefined && known?.version === version && version.hasSame(looksAt, known.object, object)) return;
    this.#receiver.set(this.#seen(now));
  }

  #delete(last: Told): void {
    if (this.#told.delete(last.object.path)) this.#receiver.delete(this.#seen(last));
  }

  #seen({ object, version }: Told): T {
    return version.sharedObject(object, this.#omission) as T;
  }

  /** What an earlier watch has told of and this one has not is gone. */
  #complete(seen: ReadonlySet<string>): void {
    for (const [path, told] of this.#told) if (!seen.has(path)) this.#delete(told);
    this.#synced();
  }
}

/** Where the fields lie; of custom resources, which are no messages, everything is looked at. */
function fieldsOf({ schema }: ResourceVersion, paths: readonly string[]): readonly FieldPath[] | undefined {
  return schema.custom ? undefined : paths.map((path) => fieldPath(schema, path));
}

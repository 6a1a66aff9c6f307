import type { Following, GroupVersionResource, KubeObject, ObjectAccess, ObjectReceiver } from '@keelson/machinery';
import { WorkQueue, type WorkQueueOptions } from './work-queue.js';

/** What a loop is told of: the keys to look at when an object is there, has changed, or is gone. */
export interface LoopSource {
  readonly resource: GroupVersionResource;
  keysOf(object: KubeObject, gone: boolean): Iterable<string>;
}

export interface ObjectLoopOptions extends WorkQueueOptions {
  readonly objects: ObjectAccess;
  readonly sources: readonly LoopSource[];
}

/** Looks at what objects stand for: at all of them at the start, and again whenever one of them changes. */
export class ObjectLoop {
  readonly #options: ObjectLoopOptions;
  readonly #queue: WorkQueue;
  #followed: Following[] = [];

  constructor(options: ObjectLoopOptions) {
    this.#options = options;
    this.#queue = new WorkQueue(options);
  }

  /** Resolves when everything that is there has been looked at. */
  async start(): Promise<void> {
    const { objects, sources } = this.#options;
    this.#followed = sources.map((source) => objects.follow(source.resource, this.#receiver(source)));
    await Promise.all(this.#followed.map(({ synced }) => synced));
    await this.#queue.idle();
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    for (const following of this.#followed) following.stop();
    await this.#queue.stop();
  }

  #receiver(source: LoopSource): ObjectReceiver {
    const add = (object: KubeObject, gone: boolean) => {
      for (const key of source.keysOf(object, gone)) this.#queue.add(key);
    };
    return { set: (object) => add(object, false), delete: (object) => add(object, true) };
  }
}

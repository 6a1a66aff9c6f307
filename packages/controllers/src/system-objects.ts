import type { GroupVersionResource, KubeObject } from '@keelson/machinery';
import type { LoopbackClient } from '@keelson/server';
import { RepeatedTask } from './repeated-task.js';

const CHECK_MS = 60_000;

/** Keeps objects there that everything else takes for granted: makes them at the start, and again if one is gone. */
export class SystemObjects {
  readonly #check: RepeatedTask;

  constructor(client: LoopbackClient, gvr: GroupVersionResource, objects: readonly KubeObject[], onFailure: (error: unknown) => void) {
    const ensure = async () => {
      await Promise.all(objects.map((object) => client.ensure(gvr, object)));
    };
    this.#check = new RepeatedTask(ensure, CHECK_MS, onFailure);
  }

  /** Resolves when all of them exist. */
  start(): Promise<void> {
    return this.#check.start();
  }

  stop(): Promise<void> {
    return this.#check.stop();
  }
}

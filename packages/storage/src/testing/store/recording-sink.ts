import { setTimeout as sleep } from 'node:timers/promises';
import type { Revision } from '../../kv.js';
import type { WatchEvent, WatchHandle, WatchSink } from '../../resource-store.js';
import { noteOf } from './test-object.js';

const PATIENCE_MS = 20_000;

/** Writes down what a watch says, in order. */
export class RecordingSink implements WatchSink {
  handle: WatchHandle | undefined;
  readonly events: WatchEvent[] = [];
  readonly bookmarks: { readonly revision: Revision; readonly initial: boolean; readonly afterEvents: number }[] = [];
  ended: { readonly error: Error | undefined } | undefined;

  event(event: WatchEvent): void {
    this.events.push(event);
  }

  bookmark(revision: Revision, initial: boolean): void {
    this.bookmarks.push({ revision, initial, afterEvents: this.events.length });
  }

  end(error?: Error): void {
    this.ended = { error };
  }

  /** The first `count` events as text: type, path, note and revision. Fails when fewer come in time. */
  async take(count: number): Promise<string[]> {
    await this.until(() => this.events.length >= count, `${count} events, got ${this.#texts().join(', ')}`);
    return this.#texts();
  }

  /** The reason the watch ended with. */
  async error(): Promise<Error | undefined> {
    await this.until(() => this.ended !== undefined, 'the end');
    return this.ended?.error;
  }

  async until(holds: () => boolean, what: string): Promise<void> {
    const giveUpAtMs = performance.now() + PATIENCE_MS;
    while (!holds()) {
      if (performance.now() > giveUpAtMs) throw new Error(`waited in vain for ${what}`);
      await sleep(2);
    }
  }

  #texts(): string[] {
    return this.events.map(({ type, object, revision }) => `${type} ${object.path} ${noteOf(object) ?? '-'} ${revision}`);
  }
}

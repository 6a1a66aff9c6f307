import { setTimeout as sleep } from 'node:timers/promises';
import type { AnyServer } from './any-server.js';
import { type ConfigMap, type ConfigMaps, revisionOf } from './config-maps.js';

interface WatchEvent {
  readonly type: string;
  readonly object: ConfigMap & { readonly code?: number };
}

const pauseMs = 100;

/** What one reader sees who lists once, watches from there, and goes on at the last revision whenever a watch ends. */
export class WatchLog {
  /** Lists that were needed, the first one included. */
  lists = 0;
  readonly port: number;
  readonly #seen = new Map<string, number[]>();
  readonly #servers: AnyServer;
  readonly #configMaps: ConfigMaps;
  readonly #contradict: (what: string) => void;
  readonly #stopped = new AbortController();
  #revision = 0;

  constructor(port: number, servers: AnyServer, configMaps: ConfigMaps, contradict: (what: string) => void) {
    this.port = port;
    this.#servers = servers;
    this.#configMaps = configMaps;
    this.#contradict = (what) => contradict(`the watch at ${port}: ${what}`);
  }

  /** Revisions of an object, in the order in which they came. */
  revisionsOf(name: string): readonly number[] {
    return this.#seen.get(name) ?? [];
  }

  async run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const goesOn = this.#revision === 0 ? await this.#list() : await this.#watch();
      if (!goesOn) await sleep(pauseMs);
    }
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #list(): Promise<boolean> {
    const { code, body } = await this.#configMaps.list(this.port);
    if (code !== 200 || body === undefined) return false;
    this.lists++;
    for (const item of body.items) this.#note(item);
    this.#revision = revisionOf(body);
    return true;
  }

  #watch(): Promise<boolean> {
    const path = `${this.#configMaps.path}?watch=true&allowWatchBookmarks=true&resourceVersion=${this.#revision}`;
    return this.#servers.follow(this.port, path, (line) => this.#take(JSON.parse(line) as WatchEvent), this.#stopped.signal);
  }

  #take({ type, object }: WatchEvent): void {
    if (type === 'ERROR') {
      // What is too old is listed again.
      if (object.code === 410) this.#revision = 0;
      return;
    }
    if (revisionOf(object) < this.#revision) this.#contradict(`${revisionOf(object)} came after ${this.#revision}`);
    this.#revision = revisionOf(object);
    if (type === 'DELETED') this.#contradict(`${object.metadata.name} was deleted`);
    if (type === 'ADDED' || type === 'MODIFIED') this.#note(object);
  }

  #note(object: ConfigMap): void {
    const { name } = object.metadata;
    const seen = this.#seen.get(name) ?? [];
    if (seen.includes(revisionOf(object))) this.#contradict(`${name} of revision ${revisionOf(object)} came twice`);
    this.#seen.set(name, [...seen, revisionOf(object)]);
  }
}

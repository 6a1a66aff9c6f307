import type { IncomingHttpHeaders } from 'node:http';
import type { KubeObject } from '@keelson/machinery';
import type { OpenResponse } from './api-client.js';

export interface WatchedEvent<T = KubeObject> {
  readonly type: string;
  readonly object: T;
}

/** Reads a JSON watch event by event. */
export class WatchReader {
  readonly #response: OpenResponse;
  readonly #lines: AsyncIterator<string>;

  constructor(response: OpenResponse) {
    this.#response = response;
    this.#lines = lines(response);
  }

  get code(): number {
    return this.#response.code;
  }

  get headers(): IncomingHttpHeaders {
    return this.#response.headers;
  }

  /** The next event; undefined when the stream has ended. */
  async next<T = KubeObject>(): Promise<WatchedEvent<T> | undefined> {
    const { value, done } = await this.#lines.next();
    return done === true ? undefined : (JSON.parse(value) as WatchedEvent<T>);
  }

  /** The next `count` events as `TYPE name`. */
  async take(count: number): Promise<string[]> {
    const events: string[] = [];
    while (events.length < count) {
      const event = await this.next();
      if (event === undefined) break;
      events.push(`${event.type} ${event.object.metadata.name ?? ''}`);
    }
    return events;
  }

  /** What is left until the stream ends. */
  async rest<T = KubeObject>(): Promise<WatchedEvent<T>[]> {
    const events: WatchedEvent<T>[] = [];
    for (let event = await this.next<T>(); event !== undefined; event = await this.next<T>()) events.push(event);
    return events;
  }

  /** Leaves without a word. */
  abort(): void {
    this.#response.abort();
  }
}

async function* lines({ body }: OpenResponse): AsyncGenerator<string, void, void> {
  // In pieces: events may be larger than what comes at once by far.
  let line: string[] = [];
  for await (const chunk of body.setEncoding('utf8') as AsyncIterable<string>) {
    const [end = '', ...others] = chunk.split('\n');
    line.push(end);
    for (const start of others) {
      yield line.join('');
      line = [start];
    }
  }
}

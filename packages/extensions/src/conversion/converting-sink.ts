import { EncodedBodies, type Revision, type StoredObject, type WatchEvent, type WatchSink } from '@keelson/storage';

/** How objects are converted: at once where that takes nothing, else many together. */
export interface Converter {
  /** Undefined where it must be waited for. */
  ready(object: StoredObject): StoredObject | undefined;
  convert(objects: readonly StoredObject[]): Promise<StoredObject[]>;
}

/** Objects of one question to a webhook, at most. */
const BATCH = 500;
/** A watch that waits for more than this is ended; its reader begins again. */
const MOST_WAITING = 10_000;

type Waiting = { readonly event: WatchEvent } | { readonly event?: undefined; readonly pass: () => void };

/** Passes a watch on with its objects converted, in their order: what follows one that is waited for waits as well. */
export class ConvertingSink implements WatchSink {
  readonly #sink: WatchSink;
  readonly #converter: Converter;
  readonly #queue: Waiting[] = [];
  #draining: Promise<void> | undefined;
  #ended = false;

  constructor(sink: WatchSink, converter: Converter) {
    this.#sink = sink;
    this.#converter = converter;
  }

  /** Whoever catches up is not told more than can be converted together. */
  ready(): Promise<void> | undefined {
    if (this.#draining === undefined) return this.#sink.ready?.();
    return this.#queue.length < BATCH ? undefined : this.#draining.then(() => this.#sink.ready?.());
  }

  event(event: WatchEvent): void {
    const converted = this.#draining === undefined ? this.#ready(event) : undefined;
    if (converted !== undefined) this.#pass(event, converted);
    else this.#wait({ event });
  }

  bookmark(revision: Revision, initial: boolean): void {
    this.#inOrder(() => this.#sink.bookmark(revision, initial));
  }

  end(error?: Error): void {
    this.#inOrder(() => this.#end(error));
  }

  #ready({ object }: WatchEvent): StoredObject | undefined {
    return this.#converter.ready(object);
  }

  #inOrder(pass: () => void): void {
    if (this.#draining === undefined) pass();
    else this.#wait({ pass });
  }

  #wait(waiting: Waiting): void {
    if (this.#ended) return;
    this.#queue.push(waiting);
    if (this.#queue.length > MOST_WAITING) this.#end();
    else this.#draining ??= this.#drain();
  }

  async #drain(): Promise<void> {
    // What comes in this turn of the loop is converted together.
    await new Promise(setImmediate);
    try {
      while (this.#queue.length > 0 && !this.#ended) await this.#passBatch(this.#queue.splice(0, BATCH));
    } catch (error) {
      this.#end(error instanceof Error ? error : new Error(String(error)));
    }
    this.#draining = undefined;
  }

  async #passBatch(batch: readonly Waiting[]): Promise<void> {
    const events = batch.flatMap(({ event }) => event ?? []);
    const converted = (await this.#converter.convert(events.map(({ object }) => object)))[Symbol.iterator]();
    for (const one of batch) {
      if (one.event === undefined) one.pass();
      else this.#pass(one.event, converted.next().value as StoredObject);
    }
  }

  #pass(event: WatchEvent, object: StoredObject): void {
    // Frames that are kept on the event are of the version it is stored in.
    if (!this.#ended) this.#sink.event(object === event.object ? event : { ...event, object, encoded: new EncodedBodies() });
  }

  #end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#queue.length = 0;
    this.#sink.end(error);
  }
}

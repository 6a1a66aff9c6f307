import { EncodedBodies, type Revision, type Selection, type StoredObject, type WatchEvent, type WatchSink } from '@keelson/storage';

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

type Waiting = { readonly event: WatchEvent; readonly pass?: undefined } | { readonly event?: undefined; readonly pass: () => void };

/** The object of an event, and, where there is a selection, what it was before. */
interface Converted {
  readonly object: StoredObject;
  readonly previous?: StoredObject | undefined;
}

/**
 * Passes a watch on with its objects converted, in their order: what follows one that is waited for waits as well.
 * Selectors are about objects as they are shown, so it is here that events are selected.
 */
export class ConvertingSink implements WatchSink {
  readonly #sink: WatchSink;
  readonly #converter: Converter;
  readonly #queue: Waiting[] = [];
  readonly #selection: Selection | undefined;
  #draining: Promise<void> | undefined;
  #ended = false;

  constructor(sink: WatchSink, converter: Converter, selection?: Selection) {
    this.#sink = sink;
    this.#converter = converter;
    this.#selection = selection;
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

  #ready(event: WatchEvent): Converted | undefined {
    const [object, previous] = this.#asked(event).map((one) => this.#converter.ready(one));
    return object && (previous || this.#asked(event).length === 1) ? { object, previous } : undefined;
  }

  /** What must be converted for an event. */
  #asked({ object, previous }: WatchEvent): StoredObject[] {
    return previous === undefined || this.#selection === undefined ? [object] : [object, previous];
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
    const asked = [...new Set(batch.flatMap(({ event }) => (event === undefined ? [] : this.#asked(event))))];
    const answers = await this.#converter.convert(asked);
    const converted = new Map(asked.map((object, i) => [object, answers[i] as StoredObject]));
    for (const { event, pass } of batch) {
      if (event === undefined) pass();
      else
        this.#pass(event, {
          object: converted.get(event.object) as StoredObject,
          previous: event.previous && converted.get(event.previous),
        });
    }
  }

  #pass(event: WatchEvent, converted: Converted): void {
    if (this.#ended) return;
    const { type, object } = this.#seen(event, converted) ?? {};
    if (type === undefined || object === undefined) return;
    // Frames that are kept on the event are of the version it is stored in.
    const isSame = type === event.type && object === event.object;
    this.#sink.event(isSame ? event : { type, object, revision: event.revision, encoded: new EncodedBodies() });
  }

  /** What leaves the selection is deleted for its reader, what enters it is added. */
  #seen({ type, revision }: WatchEvent, { object, previous }: Converted): Pick<WatchEvent, 'type' | 'object'> | undefined {
    const selection = this.#selection;
    if (selection === undefined) return { type, object };
    if (type !== 'MODIFIED') return selection.matches(object) ? { type, object } : undefined;
    const before = previous !== undefined && selection.matches(previous);
    if (selection.matches(object)) return { type: before ? 'MODIFIED' : 'ADDED', object };
    return before ? { type: 'DELETED', object: previous.at(revision) } : undefined;
  }

  #end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#queue.length = 0;
    this.#sink.end(error);
  }
}

import type { KubeObject } from '@keelson/machinery';
import { afterEach, describe, expect, it } from 'vitest';
import { FollowedSource } from './followed-source.js';
import type { SourceEvent } from './source.js';

interface Reading extends KubeObject {
  readonly value: number;
}

const reading = (name: string, value: number): Reading => ({ metadata: { name }, value });
const form = {
  encode: (object: KubeObject) => Buffer.from(JSON.stringify(object)),
  indexer: { labels: () => ({}), fields: () => ({}) },
};

/** A source whose watches end when its test says so. */
class TestSource {
  readonly objects = new Map<string, Reading>();
  readonly #events: SourceEvent<Reading>[] = [];
  #wake: () => void = () => undefined;
  watches = 0;
  #ended = false;

  list(): Reading[] {
    return [...this.objects.values()];
  }

  async *watch({ signal }: { readonly signal: AbortSignal }): AsyncGenerator<SourceEvent<Reading>> {
    this.watches++;
    this.#ended = false;
    while (!this.#ended && !signal.aborted) {
      const next = this.#events.shift();
      if (next !== undefined) yield next;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }

  tell(type: SourceEvent<Reading>['type'], object: Reading): void {
    if (type === 'DELETED') this.objects.delete(object.metadata.name ?? '');
    else this.objects.set(object.metadata.name ?? '', object);
    this.#events.push({ type, object });
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }
}

const warnings: string[] = [];
const log = { error: () => undefined, warn: (text: string) => void warnings.push(text), info: () => undefined, enabled: () => false };
let followed: FollowedSource<Reading> | undefined;

afterEach(() => followed?.stop());

async function follow(source: TestSource): Promise<FollowedSource<Reading>> {
  followed = new FollowedSource(source, form, false);
  await followed.start(log);
  return followed;
}

async function values({ store }: FollowedSource<Reading>): Promise<[string, number][]> {
  const { items } = await store.list({ path: '' }, { freshness: { at: 'consistent' } });
  return Array.from(items, ({ path, value }) => [path, (JSON.parse(value.toString()) as Reading).value]);
}

/** The events of a watch as they come. */
async function watched({ store }: FollowedSource<Reading>, count: number): Promise<string[]> {
  const events: string[] = [];
  await new Promise<void>((resolve) => {
    void store.watch(
      { path: '' },
      { from: { at: 'now' } },
      {
        event({ type, object }) {
          events.push(`${type} ${object.path}`);
          if (events.length === count) resolve();
        },
        bookmark: () => undefined,
        end: () => resolve(),
      },
    );
  });
  return events;
}

describe('FollowedSource', () => {
  it('shows what there is from the start on, and what becomes of it', async () => {
    const source = new TestSource();
    source.objects.set('a', reading('a', 1));
    const following = await follow(source);
    expect(await values(following)).toEqual([['a', 1]]);
    const events = watched(following, 3);
    source.tell('MODIFIED', reading('a', 2));
    source.tell('MODIFIED', reading('a', 2));
    source.tell('ADDED', reading('b', 3));
    source.tell('DELETED', reading('a', 2));
    expect(await events).toEqual(['MODIFIED a', 'ADDED b', 'DELETED a']);
    expect(await values(following)).toEqual([['b', 3]]);
  });

  it('asks again when a watch ends, and tells only of what is different', async () => {
    const source = new TestSource();
    source.objects.set('a', reading('a', 1));
    source.objects.set('b', reading('b', 1));
    const following = await follow(source);
    const events = watched(following, 2);
    source.objects.delete('a');
    source.objects.set('c', reading('c', 1));
    source.end();
    expect((await events).sort()).toEqual(['ADDED c', 'DELETED a']);
    expect([source.watches, await values(following)]).toEqual([
      2,
      [
        ['b', 1],
        ['c', 1],
      ],
    ]);
  });

  it('does not start where nothing can be listed', async () => {
    const source = new TestSource();
    source.list = () => {
      throw new Error('the other system does not answer');
    };
    await expect(follow(source)).rejects.toThrow('the other system does not answer');
  });
});

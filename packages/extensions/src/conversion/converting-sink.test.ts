import { EncodedBodies, StoredObject, type WatchEvent, type WatchSink } from '@keelson/storage';
import { describe, expect, it } from 'vitest';
import { type Converter, ConvertingSink } from './converting-sink.js';

const indexer = { labels: () => ({}), fields: () => ({}) };
const stored = (path: string, value = path) => new StoredObject(path, Buffer.from(value), 1, indexer);
const event = (path: string): WatchEvent => ({ type: 'ADDED', object: stored(path), revision: 1, encoded: new EncodedBodies() });

class Told implements WatchSink {
  readonly texts: string[] = [];
  #wake: () => void = () => undefined;
  event({ object }: WatchEvent): void {
    this.#tell(object.value.toString());
  }
  bookmark(revision: number): void {
    this.#tell(`bookmark ${revision}`);
  }
  end(error?: Error): void {
    this.#tell(`end ${error?.message ?? ''}`);
  }
  async until(count: number): Promise<string[]> {
    while (this.texts.length < count) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.texts;
  }
  #tell(text: string): void {
    this.texts.push(text);
    this.#wake();
  }
}

/** Objects whose names begin with an `x` need a question. */
function converter(asked: string[][]): Converter {
  return {
    ready: (object) => (object.path.startsWith('x') ? undefined : object),
    convert: async (objects) => {
      const missing = objects.filter(({ path }) => path.startsWith('x')).map(({ path }) => path);
      asked.push(missing);
      if (missing.includes('x-bad')) throw new Error('cannot be converted');
      return objects.map((object) => (object.path.startsWith('x') ? stored(object.path, `converted ${object.path}`) : object));
    },
  };
}

describe('ConvertingSink', () => {
  it('passes on at once what needs no conversion', () => {
    const told = new Told();
    const sink = new ConvertingSink(told, converter([]));
    sink.event(event('a'));
    sink.bookmark(7, true);
    expect(told.texts).toEqual(['a', 'bookmark 7']);
  });

  it('keeps the order behind what does, and asks for what has come together', async () => {
    const told = new Told();
    const asked: string[][] = [];
    const sink = new ConvertingSink(told, converter(asked));
    for (const path of ['x1', 'b', 'x2']) sink.event(event(path));
    sink.bookmark(8, false);
    expect(told.texts).toEqual([]);
    expect(await told.until(4)).toEqual(['converted x1', 'b', 'converted x2', 'bookmark 8']);
    expect(asked).toEqual([['x1', 'x2']]);
  });

  it('ends where a conversion fails', async () => {
    const told = new Told();
    const sink = new ConvertingSink(told, converter([]));
    for (const path of ['a', 'x-bad', 'b']) sink.event(event(path));
    expect(await told.until(2)).toEqual(['a', 'end cannot be converted']);
    sink.event(event('c'));
    sink.end();
    expect(told.texts).toHaveLength(2);
  });
});

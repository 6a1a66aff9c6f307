import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../meta/object.js';
import { findObject } from './find-object.js';
import type { ObjectReader } from './objects.js';

const object = (resourceVersion: string): KubeObject => ({ metadata: { name: 'a', namespace: 'n', resourceVersion } });

/** Answers by name, and notes what it was asked. */
function readerOf(remembered: Record<string, KubeObject>, stored: Record<string, KubeObject>) {
  const asked: string[] = [];
  const look = (where: string, objects: Record<string, KubeObject>) => async (namespace: string, name: string) => {
    asked.push(`${where} ${namespace}/${name}`);
    return objects[name];
  };
  const none = async () => [];
  const reader: ObjectReader = { get: look('memory', remembered), getLatest: look('store', stored), list: none, listLatest: none };
  return { reader, asked };
}

describe('findObject', () => {
  it('leaves the store alone where memory knows', async () => {
    const { reader, asked } = readerOf({ a: object('1') }, { a: object('2') });
    expect([await findObject(reader, 'n', 'a'), asked]).toEqual([object('1'), ['memory n/a']]);
  });

  it('asks the store for what memory has not heard of', async () => {
    const { reader, asked } = readerOf({}, { a: object('2') });
    expect([await findObject(reader, 'n', 'a'), asked]).toEqual([object('2'), ['memory n/a', 'store n/a']]);
    expect(await findObject(reader, 'n', 'b')).toBeUndefined();
  });
});

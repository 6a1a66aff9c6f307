import { describe, expect, it } from 'vitest';
import { StoredObject } from '../stored-object.js';
import { bytes, testIndexer } from '../testing/store/index.js';
import { AttributeIndexes } from './attribute-index.js';

const APP = { kind: 'label', name: 'app' } as const;

function open(count: number, maxIndexes?: number) {
  const objects = new Map<string, StoredObject>();
  const indexes = new AttributeIndexes(
    { snapshot: () => [...objects.values()], isCurrent: (object) => objects.get(object.path) === object },
    maxIndexes,
  );
  const write = (path: string, app: string | undefined) => {
    const previous = objects.get(path);
    const current = app === undefined ? undefined : new StoredObject(path, bytes({ labels: { app } }), 1, testIndexer);
    if (current === undefined) objects.delete(path);
    else objects.set(path, current);
    indexes.replace(previous, current);
  };
  for (let i = 0; i < count; i++) write(`p${i}`, `a${i % 10}`);
  const found = (value: string) => [...(indexes.peek(APP)?.paths(value) ?? ['no index'])].sort();
  return { indexes, write, found };
}

describe('AttributeIndexes', () => {
  it('is built when asked for, and follows writes', async () => {
    const { indexes, write, found } = open(20);
    expect(found('a3')).toEqual(['no index']);
    await indexes.ensure(APP);
    expect(found('a3')).toEqual(['p13', 'p3']);
    write('p3', 'a4');
    write('p13', 'a3');
    write('new', 'a3');
    write('p14', undefined);
    expect([found('a3'), found('a4'), found('none')]).toEqual([['new', 'p13'], ['p3', 'p4'], []]);
  });

  it('misses nothing of what is written while it is built', async () => {
    const { indexes, write, found } = open(30_000);
    const building = indexes.ensure(APP);
    await new Promise((resolve) => setImmediate(resolve));
    expect(found('a9')).toEqual(['no index']);
    write('p29999', 'a9');
    write('p29989', 'moved');
    write('p9', undefined);
    write('late', 'a9');
    await building;
    const paths = found('a9');
    expect([paths.length, paths.includes('p29999'), paths.includes('p29989'), paths.includes('p9'), paths.includes('late')]).toEqual([
      2999,
      true,
      false,
      false,
      true,
    ]);
    expect(found('moved')).toEqual(['p29989']);
  });

  it('keeps a few indexes, the least used one makes room', async () => {
    const { indexes } = open(10, 2);
    const label = (name: string) => ({ kind: 'label', name }) as const;
    await indexes.ensure(label('a'));
    await indexes.ensure(label('b'));
    indexes.peek(label('a'));
    await indexes.ensure(label('c'));
    expect([indexes.size, indexes.peek(label('a')) !== undefined, indexes.peek(label('b'))]).toEqual([2, true, undefined]);
  });
});

import type { ObjectReceiver } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { expect, it } from 'vitest';
import { readerOf } from '../testing/attributes.js';
import { hostOf } from '../testing/host.js';
import { LimitRanges } from './limit-ranges.js';

type LimitRange = core.v1.LimitRange;

function range(name: string, namespace = 'web'): LimitRange {
  return { metadata: { name, namespace }, spec: { limits: [] } };
}

/** Limits over a store that is asked, and a watch of it that tells nothing by itself. */
function open() {
  let stored: LimitRange[] = [];
  let receiver: ObjectReceiver<LimitRange> | undefined;
  const asked: string[] = [];
  let nowMs = 0;
  const { objects } = hostOf();
  const access = {
    ...objects,
    reader: () => ({
      ...readerOf<LimitRange>([]),
      listLatest: async (namespace: string) => {
        asked.push(namespace);
        if (namespace === 'broken') throw new Error('no store');
        return stored;
      },
    }),
    follow: (_: unknown, told: ObjectReceiver<never>) => {
      receiver = told as unknown as ObjectReceiver<LimitRange>;
      return { synced: Promise.resolve(), stop: () => undefined };
    },
  };
  const limits = new LimitRanges(access as never, () => nowMs);
  return {
    asked,
    store: (ranges: LimitRange[]) => {
      stored = ranges;
    },
    told: () => receiver as ObjectReceiver<LimitRange>,
    at: (ms: number) => {
      nowMs = ms;
    },
    names: async (namespace = 'web') => (await limits.in(namespace)).map(({ name }) => name),
  };
}

it('are those that were told of, by name', async () => {
  const { told, names, asked } = open();
  for (const name of ['b', 'c', 'a']) told().set(range(name));
  told().set(range('other', 'elsewhere'));
  expect(await names()).toEqual(['a', 'b', 'c']);
  told().delete(range('b'));
  expect([await names(), asked]).toEqual([['a', 'c'], []]);
});

it('are asked for where none were told of, now and then', async () => {
  const { store, names, asked, at } = open();
  store([range('new')]);
  expect([await names(), await names(), asked]).toEqual([['new'], ['new'], ['web']]);
  store([]);
  at(29_999);
  expect(await names()).toEqual(['new']);
  at(30_000);
  expect([await names(), asked]).toEqual([[], ['web', 'web']]);
});

it('are asked for once by all who want to know at the same time', async () => {
  const { names, asked } = open();
  await Promise.all([names(), names(), names()]);
  expect(asked).toEqual(['web']);
});

it('are asked for again after a failure', async () => {
  const { names, asked } = open();
  await expect(names('broken')).rejects.toThrow('no store');
  await expect(names('broken')).rejects.toThrow('no store');
  expect(asked).toEqual(['broken', 'broken']);
});

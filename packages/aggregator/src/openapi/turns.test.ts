import { expect, it } from 'vitest';
import { Turns } from './turns.js';

it('lets so many work at a time, in their order, whatever comes of it', async () => {
  const turns = new Turns(2);
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const all = [0, 1, 2, 3].map((one) =>
    turns.take(async () => {
      begun.push(one);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (one === 1) throw new Error('no');
      return one;
    }),
  );
  const settled = Promise.allSettled(all);
  await new Promise(setImmediate);
  expect(begun).toEqual([0, 1]);
  ends[1]?.();
  await new Promise(setImmediate);
  expect(begun).toEqual([0, 1, 2]);
  ends[0]?.();
  await new Promise(setImmediate);
  for (const end of ends) end();
  expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
});

import type { JsonObject } from '@keelson/machinery';
import { expect, it } from 'vitest';
import { AwaitedConversions } from './awaited-conversions.js';

const type = { name: 'Widget', fields: [] } as never;

it('runs work again with each conversion that it lacked, and asks for each once', async () => {
  const asked: string[] = [];
  const converting = (direction: string) => async (object: JsonObject) => {
    asked.push(`${direction} ${JSON.stringify(object)}`);
    return { ...object, [direction]: true };
  };
  const conversions = new AwaitedConversions();
  const view = conversions.view('v2', { type, convert: converting('there'), restore: converting('back') });
  const result = await conversions.run(() => [view.restore(view.convert({ a: 1 })), view.convert({ a: 1 }), view.convert({ a: 2 })]);
  expect(result).toEqual([
    { a: 1, there: true, back: true },
    { a: 1, there: true },
    { a: 2, there: true },
  ]);
  expect(asked).toEqual(['there {"a":1}', 'back {"a":1,"there":true}', 'there {"a":2}']);
});

it('fails as the work or a conversion does', async () => {
  const conversions = new AwaitedConversions();
  const fail = () => Promise.reject(new Error('nobody converts'));
  const view = conversions.view('v2', { type, convert: fail, restore: fail });
  await expect(conversions.run(() => view.convert({}))).rejects.toThrow('nobody converts');
  await expect(
    conversions.run(() => {
      throw new Error('of its own');
    }),
  ).rejects.toThrow('of its own');
});

import { expect, it } from 'vitest';
import { roundResourceList } from './resource-list.js';

it('rounds amounts away from zero to thousandths', () => {
  const list = { a: '1', b: '100m', c: '1n', d: '1500u', e: '1Gi', f: '12e3', g: '-1u' };
  roundResourceList(list);
  expect(list).toEqual({ a: '1', b: '100m', c: '1m', d: '2m', e: '1Gi', f: '12e3', g: '-1m' });
});

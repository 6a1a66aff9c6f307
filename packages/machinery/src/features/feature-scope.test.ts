import { expect, it } from 'vitest';
import { defaultFeatures } from './feature-gates.js';
import { hasFeature, underFeatures } from './feature-scope.js';

const on = new Map(defaultFeatures).set('SELinuxMount', true);
const off = new Map(defaultFeatures).set('SELinuxMount', false).set('WatchList', false);
const seen = () => ['SELinuxMount', 'WatchList', 'Nothing'].map(hasFeature);

it('has rules see the features of a default server, unless they run for another', () => {
  expect(seen()).toEqual([false, true, false]);
  expect(underFeatures(on, seen)).toEqual([true, true, false]);
  expect(seen()).toEqual([false, true, false]);
});

it('goes back to the features of before, whatever becomes of the rules', () => {
  const failing = () => {
    throw new Error('no');
  };
  const nested = underFeatures(on, () => {
    expect(() => underFeatures(off, failing)).toThrow('no');
    return [underFeatures(off, seen), seen()];
  });
  expect(nested).toEqual([
    [false, false, false],
    [true, true, false],
  ]);
  expect(seen()).toEqual([false, true, false]);
});

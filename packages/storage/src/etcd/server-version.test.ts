import { expect, it } from 'vitest';
import { answersProgressInOrder } from './server-version.js';

it.each([
  ['3.3.27', false],
  ['3.4.23', false],
  ['3.4.25', true],
  ['3.4.36+debian', true],
  ['3.5.7', false],
  ['3.5.8', true],
  ['3.5.21', true],
  ['3.6.0', true],
  ['3.6.0-rc.1', true],
  ['4.0.0', true],
  ['', false],
])('answersProgressInOrder(%s) is %s', (version, expected) => {
  expect(answersProgressInOrder(version)).toBe(expected);
});

import { expect, it } from 'vitest';
import { firstMatch } from './first-match.js';

type Candidate = () => Promise<object | undefined> | object | undefined;
const ask = (candidate: Candidate) => candidate();
const found = { found: true };
const none: Candidate = () => undefined;
const noneLater: Candidate = async () => undefined;
const fails: Candidate = () => {
  throw new Error('now');
};
const failsLater: Candidate = async () => {
  throw new Error('later');
};

it('stays synchronous when it can', () => {
  expect(firstMatch([none, fails, () => found, failsLater], ask)).toBe(found);
  expect(firstMatch([none], ask)).toBeUndefined();
  expect(firstMatch([], ask)).toBeUndefined();
});

it.each([[[noneLater, () => found]], [[failsLater, fails, async () => found]], [[none, async () => found, fails]]])(
  'waits where it must',
  async (candidates) => {
    await expect(firstMatch(candidates, ask)).resolves.toBe(found);
  },
);

it('throws the failures when nobody knows', async () => {
  expect(() => firstMatch([none, fails], ask)).toThrow(new Error('now'));
  await expect(firstMatch([failsLater, none], ask)).rejects.toThrow(new Error('later'));
  await expect(firstMatch([fails, failsLater, fails], ask)).rejects.toMatchObject({
    message: '[now, later]',
    errors: [new Error('now'), new Error('later'), new Error('now')],
  });
  await expect(firstMatch([noneLater, none], ask)).resolves.toBeUndefined();
});

import { amountTexts, parseAmounts } from '@keelson/admission/quota-measuring';
import { expect, it } from 'vitest';
import { PendingCharges } from './pending-charges.js';

function open() {
  let nowMs = 0;
  const pending = new PendingCharges(() => nowMs);
  return {
    add: (amounts: Record<string, string>) => pending.add(parseAmounts(amounts)),
    settle: (amounts: Record<string, string>) => pending.settle(parseAmounts(amounts)),
    total: () => amountTexts(pending.total()),
    at: (ms: number) => {
      nowMs = ms;
    },
  };
}

it('are what was charged and has not come', () => {
  const { add, settle, total } = open();
  add({ pods: '2', cpu: '3' });
  add({ pods: '1', cpu: '500m' });
  settle({ pods: '1', cpu: '1' });
  expect(total()).toEqual({ pods: '2', cpu: '2500m' });
  settle({ pods: '2', cpu: '2500m' });
  expect(total()).toEqual({});
});

it('are given up when nothing comes', () => {
  const { add, total, at } = open();
  add({ pods: '1' });
  at(30_000);
  add({ pods: '2' });
  at(60_999);
  expect(total()).toEqual({ pods: '3' });
  at(61_000);
  expect(total()).toEqual({ pods: '2' });
});

it('are settled by the oldest, whoever made them', () => {
  const { add, settle, total, at } = open();
  add({ pods: '1' });
  at(30_000);
  add({ pods: '1' });
  settle({ pods: '1' });
  at(61_000);
  expect(total()).toEqual({ pods: '1' });
});

it('are not less than nothing when more comes than was charged', () => {
  const { add, settle, total } = open();
  settle({ pods: '5' });
  add({ pods: '1' });
  expect(total()).toEqual({ pods: '1' });
});

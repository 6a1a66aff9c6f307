import { afterEach, expect, it, vi } from 'vitest';
import { waitsMs, webhookBackoff } from './backoff.js';

afterEach(() => vi.restoreAllMocks());

it('waits longer each time, and a little more by chance', () => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  expect([...waitsMs(webhookBackoff)]).toEqual([500, 750, 1125, 1687.5]);
  random.mockReturnValue(0.5);
  expect([...waitsMs(webhookBackoff)].map((ms) => Math.round(ms * 100) / 100)).toEqual([550, 825, 1237.5, 1856.25]);
});

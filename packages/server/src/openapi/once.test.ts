import { describe, expect, it } from 'vitest';
import { Once } from './once.js';

describe('Once', () => {
  it('makes its value once, for all who ask meanwhile and later', async () => {
    let made = 0;
    const once = new Once(async () => ++made);
    expect(await Promise.all([once.get(), once.get()])).toEqual([1, 1]);
    expect(await once.get()).toBe(1);
  });

  it('tries again what failed', async () => {
    let tries = 0;
    const once = new Once(async () => {
      if (++tries === 1) throw new Error('not yet');
      return tries;
    });
    await expect(once.get()).rejects.toThrow('not yet');
    expect(await once.get()).toBe(2);
  });
});

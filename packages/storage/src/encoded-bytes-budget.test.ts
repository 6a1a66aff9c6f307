import { afterEach, describe, expect, it } from 'vitest';
import { EncodedBodies } from './encoded-bodies.js';
import { encodedBytesBudget } from './encoded-bytes-budget.js';

const limitBytes = encodedBytesBudget.limitBytes;

function bodies(count: number, size: number): EncodedBodies[] {
  return Array.from({ length: count }, () => {
    const made = new EncodedBodies();
    made.set('json', Buffer.alloc(size));
    return made;
  });
}

const kept = (all: readonly EncodedBodies[]) => all.map((one) => one.get('json') !== undefined);

describe('EncodedBytesBudget', () => {
  afterEach(() => {
    encodedBytesBudget.limitBytes = 0;
    encodedBytesBudget.limitBytes = limitBytes;
  });

  it('keeps what fits and counts it', () => {
    const all = bodies(10, 100);
    expect([encodedBytesBudget.usedBytes, kept(all).every(Boolean)]).toEqual([1000, true]);
  });

  it('counts a replaced body once, and a second form beside it', () => {
    const [one] = bodies(1, 100);
    one?.set('json', Buffer.alloc(60));
    one?.set('yaml', Buffer.alloc(7));
    expect(encodedBytesBudget.usedBytes).toBe(67);
  });

  it('drops what nobody asked for, before what is in use', () => {
    encodedBytesBudget.limitBytes = 1000;
    const cold = bodies(5, 100);
    const hot = bodies(5, 100);
    for (let round = 0; round < 40; round++) {
      kept(hot);
      bodies(1, 100);
    }
    expect(encodedBytesBudget.usedBytes).toBeLessThanOrEqual(1000);
    expect([kept(cold), kept(hot)]).toEqual([Array(5).fill(false), Array(5).fill(true)]);
  });

  it('forgets what its owner drops', () => {
    const [one, two] = bodies(2, 100);
    one?.drop();
    expect([encodedBytesBudget.usedBytes, one?.get('json'), two?.get('json')?.length]).toEqual([100, undefined, 100]);
    one?.drop();
    two?.drop();
    expect(encodedBytesBudget.usedBytes).toBe(0);
  });

  it('holds nothing when nothing fits', () => {
    encodedBytesBudget.limitBytes = 10;
    expect([kept(bodies(3, 100)), encodedBytesBudget.usedBytes]).toEqual([[false, false, false], 0]);
  });
});

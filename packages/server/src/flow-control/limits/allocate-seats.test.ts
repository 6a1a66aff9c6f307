import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allocateSeats, type SeatWish } from './allocate-seats.js';

const wish = (target: number, lowest: number, highest: number): SeatWish => ({ target, lowest, highest });
const rounded = (total: number, wishes: readonly SeatWish[]) =>
  allocateSeats(total, wishes)?.seats.map((seats) => Math.round(seats * 1000) / 1000);

it.each([
  { what: 'in proportion to targets', total: 90, wishes: [wish(10, 0, 100), wish(20, 0, 100)], seats: [30, 60] },
  { what: 'no more than the most', total: 90, wishes: [wish(10, 0, 20), wish(20, 0, 100)], seats: [20, 70] },
  { what: 'no less than the least', total: 90, wishes: [wish(10, 50, 100), wish(20, 0, 100)], seats: [50, 40] },
  { what: 'what nobody wants to all alike', total: 90, wishes: [wish(0, 0, 100), wish(0, 0, 100)], seats: [45, 45] },
  { what: 'nearly everything to the only one who wants it', total: 100, wishes: [wish(0, 10, 100), wish(50, 10, 200)], seats: [10, 90] },
  { what: 'the least to all when there is no more', total: 30, wishes: [wish(50, 10, 90), wish(10, 20, 90)], seats: [10, 20] },
  { what: 'the most to all when there is as much', total: 30, wishes: [wish(1, 0, 10), wish(9, 0, 20)], seats: [10, 20] },
])('gives $what', ({ total, wishes, seats }) => {
  expect(rounded(total, wishes)).toEqual(seats);
});

it('gives nothing when the bounds leave no room', () => {
  expect(allocateSeats(10, [wish(5, 6, 9), wish(5, 6, 9)])).toBeUndefined();
  expect(allocateSeats(100, [wish(5, 6, 9), wish(5, 6, 9)])).toBeUndefined();
});

it('gives all of it, within bounds, and the same fraction to those whom none keeps from it', () => {
  const anyWish = fc.record({ target: fc.nat(200), lowest: fc.nat(50), extra: fc.nat(100) });
  fc.assert(
    fc.property(fc.array(anyWish, { minLength: 1, maxLength: 8 }), fc.double({ min: 0, max: 1, noNaN: true }), (raw, part) => {
      const wishes = raw.map(({ target, lowest, extra }) => wish(Math.max(target, lowest), lowest, lowest + extra));
      const least = wishes.reduce((sum, { lowest }) => sum + lowest, 0);
      const most = wishes.reduce((sum, { highest }) => sum + highest, 0);
      const total = least + (most - least) * part;
      const allocation = allocateSeats(total, wishes);
      expect(Math.abs((allocation?.seats.reduce((sum, one) => sum + one, 0) ?? 0) - total)).toBeLessThan(1e-3);
      for (const [at, seats] of (allocation?.seats ?? []).entries()) {
        const { target, lowest, highest } = wishes[at] as SeatWish;
        expect(seats).toBeGreaterThanOrEqual(lowest);
        expect(seats).toBeLessThanOrEqual(highest);
        const fair = (allocation?.fairFraction ?? 0) * Math.max(target, 0.001);
        if (seats > lowest && seats < highest) expect(Math.abs(seats - fair)).toBeLessThan(1e-6);
      }
    }),
  );
});

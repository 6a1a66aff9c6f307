import { expect, it } from 'vitest';
import { SeatDemand } from './seat-demand.js';

it('tells the highest, the average and the deviation of a period', () => {
  const demand = new SeatDemand(0);
  demand.set(10, 2_500);
  demand.set(30, 5_000);
  demand.set(0, 7_500);
  demand.turn(10_000);
  // A quarter of the time each: 0, 10, 30, 0.
  expect([demand.highest, demand.average, demand.deviation]).toEqual([30, 10, Math.sqrt(250 - 100)]);
});

it('begins a period with what the last one ended with', () => {
  const demand = new SeatDemand(0);
  demand.set(7, 0);
  demand.turn(10_000);
  demand.turn(20_000);
  expect([demand.highest, demand.average, demand.deviation, demand.smoothed]).toEqual([7, 7, 0, 7]);
});

it('goes up with demand at once, and down slowly', () => {
  const demand = new SeatDemand(0);
  demand.set(100, 0);
  demand.turn(10_000);
  expect(demand.smoothed).toBe(100);
  demand.set(0, 10_000);
  let periods = 0;
  for (; demand.smoothed > 50; periods++) demand.turn(20_000 + periods * 10_000);
  expect(periods).toBe(30); // five minutes
});

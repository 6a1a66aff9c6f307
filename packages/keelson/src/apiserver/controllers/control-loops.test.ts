import { HealthChecks, type Log } from '@keelson/server';
import { beforeEach, expect, it } from 'vitest';
import { type ControlLoop, ControlLoops, type Controller } from './control-loops.js';

let told: string[];
let health: HealthChecks;
const log: Log = {
  error: (message) => told.push(message),
  warn: (message) => told.push(message),
  info: () => undefined,
  enabled: () => false,
};
beforeEach(() => {
  told = [];
  health = new HealthChecks();
});

/** A controller that says what it does; its first round lasts until `done`. */
function controller(name: string, done: Promise<void> = Promise.resolve()): Controller {
  return {
    async start() {
      told.push(`${name} starts`);
      await done;
      told.push(`${name} has started`);
    },
    async stop() {
      told.push(`${name} stops`);
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('starts a loop when those it comes after have done their first round, each once', async () => {
  let finish: () => void = () => undefined;
  const first: ControlLoop = { controllers: [controller('first', new Promise((resolve) => (finish = resolve)))] };
  const loops = [
    { controllers: [controller('second')], after: [first] },
    { controllers: [controller('third')], after: [first] },
    first,
    { controllers: [controller('alone')] },
  ];
  new ControlLoops(loops, health, log).start();
  await settled();
  expect(told).toEqual(['first starts', 'alone starts', 'alone has started']);
  finish();
  await settled();
  expect(told.slice(3)).toEqual(['first has started', 'second starts', 'third starts', 'second has started', 'third has started']);
});

it('starts what nobody waits for when the server could be ready, and not when it has been stopped meanwhile', async () => {
  let finish: () => void = () => undefined;
  const awaited = { hook: 'awaited', controllers: [controller('awaited', new Promise((resolve) => (finish = resolve)))] };
  const control = new ControlLoops([{ controllers: [controller('later')] }, awaited], health, log);
  control.start();
  await settled();
  expect(told).toEqual(['awaited starts']);
  finish();
  await settled();
  expect(told.slice(1)).toEqual(['awaited has started', 'later starts', 'later has started']);

  told = [];
  const stopped = new ControlLoops([{ controllers: [controller('never')] }, awaited], new HealthChecks(), log);
  stopped.start();
  await stopped.stop();
  expect(told).not.toContain('never starts');
});

it('is a check of health until the first round is done, in the order given', async () => {
  const loops = [
    { hook: 'b', controllers: [controller('b')] },
    { hook: 'a', controllers: [controller('a')] },
  ];
  const control = new ControlLoops(loops, health, log);
  expect(health.names('readyz').slice(2)).toEqual(['poststarthook/b', 'poststarthook/a']);
  const failing = async () => (await health.run('readyz', new Set())).filter(({ error }) => error !== undefined).map(({ name }) => name);
  expect(await failing()).toEqual(['poststarthook/b', 'poststarthook/a']);
  control.start();
  await settled();
  expect(await failing()).toEqual([]);
});

it('stops what tells where the server is when all others have stopped, whatever becomes of them', async () => {
  const failing = {
    ...controller('failing'),
    stop: async () => {
      throw new Error('no');
    },
  };
  const loops = [{ controllers: [controller('service')], last: true }, { controllers: [failing] }, { controllers: [controller('other')] }];
  const control = new ControlLoops(loops, health, log);
  control.start();
  await settled();
  told.length = 0;
  await control.stop();
  expect(told).toEqual(['other stops', 'a controller did not stop as it should', 'service stops']);
});

import { join } from 'node:path';
import { ClientProcess } from './client-process.js';
import type { ControlPlanesOrder, ControlPlaneTimes } from './control-planes.js';
import { median } from './measure-requests.js';
import type { Result } from './result.js';

/** Each has its own first start. */
const PROCESSES = 5;
const ORDER: ControlPlanesOrder = { inTurn: 6, atOnce: 10 };

/** What a test waits for its control plane, in processes that do nothing else. */
export async function measureControlPlanes(programs: string, report: (result: Result) => void): Promise<void> {
  const all: ControlPlaneTimes[] = [];
  for (let at = 0; at < PROCESSES; at++) {
    const { process } = await ClientProcess.start(join(programs, 'control-planes.mjs'), []);
    all.push(await process.ask<ControlPlaneTimes>(ORDER));
    await process.stop();
  }
  const middle = (times: (one: ControlPlaneTimes) => number) => median(all.map(times));
  report({ scenario: 'control-plane-first', unit: 'ms', value: middle(({ inTurn }) => inTurn[0] ?? Number.NaN), aim: 300 });
  report({ scenario: 'control-plane-next', unit: 'ms', value: middle(({ inTurn }) => median(inTurn.slice(1))), aim: 300 });
  const each = middle(({ atOnce }) => atOnce) / ORDER.atOnce;
  report({ scenario: 'control-plane-of-ten', unit: 'ms', value: each, aim: 300, note: 'each of ten that start together' });
}

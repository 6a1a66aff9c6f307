import type { BareUnit } from './bare-unit.js';
import type { ClientProcess } from './client-process.js';
import type { Load, LoadOrder } from './load-client.js';
import { cpuMicroseconds } from './process-usage.js';
import type { RequestScenario } from './request-scenarios.js';
import type { Result } from './result.js';

const ROUNDS = 5;
/** Of the bare server, beside each round. */
export const BARE_MS = 150;

/** Who is measured, and by whom. */
export interface Bench {
  readonly serverPid: number;
  readonly client: ClientProcess;
  readonly bare: BareUnit;
}

/** CPU of the server per request while the client carries out an order. */
export async function cpuPerRequest({ client, serverPid }: Pick<Bench, 'client' | 'serverPid'>, order: LoadOrder): Promise<number> {
  const before = cpuMicroseconds(serverPid);
  const { load } = await client.ask<{ load: Load }>(order);
  return (cpuMicroseconds(serverPid) - before) / load.requests;
}

/**
 * Rounds of the scenario between rounds of the bare server: a neighbour on the machine slows both. The middle one
 * counts. `costs`: what the scenarios before took, in µs.
 */
export async function measureRequests(
  bench: Bench,
  scenario: RequestScenario,
  forMs: number,
  costs: ReadonlyMap<string, number>,
): Promise<Result> {
  const order = { scenario: scenario.name, forMs: forMs / ROUNDS };
  const { warmUpRequests } = scenario;
  const warmUp = warmUpRequests === undefined ? { forMs: forMs / 4 } : { atLeast: warmUpRequests };
  await bench.client.ask({ scenario: scenario.name, ...warmUp });
  const rounds: { microseconds: number; units: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const bare = await bench.bare.measure(BARE_MS);
    const microseconds = perOperation(await cpuPerRequest(bench, order), scenario, costs);
    rounds.push({ microseconds, units: microseconds / bare });
  }
  return {
    scenario: scenario.name,
    unit: 'µs',
    value: median(rounds.map(({ microseconds }) => microseconds)),
    units: median(rounds.map(({ units }) => units)),
    ...(scenario.aimUnits !== undefined && { aim: scenario.aimUnits }),
  };
}

function perOperation(perRequest: number, { net }: RequestScenario, costs: ReadonlyMap<string, number>): number {
  if (net === undefined) return perRequest;
  const other = costs.get(net.of) ?? 0;
  return net.requestsPerOperation * perRequest - (net.requestsPerOperation - 1) * other;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

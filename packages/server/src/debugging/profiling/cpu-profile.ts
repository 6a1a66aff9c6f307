import type { Profiler } from 'node:inspector';
import type { Session } from 'node:inspector/promises';
import type { Measured, StackProfile, StackSample } from './pprof.js';

const cpu: Measured = { type: 'cpu', unit: 'nanoseconds' };
const intervalMicroseconds = 1000;

/** Notes, about every millisecond, where the event loop's thread is, until `over`. */
export async function cpuProfile(session: Session, over: () => Promise<void>): Promise<StackProfile> {
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: intervalMicroseconds });
  await session.post('Profiler.start');
  await over();
  const { profile } = await session.post('Profiler.stop');
  return {
    types: [{ type: 'samples', unit: 'count' }, cpu],
    samples: samplesOf(profile),
    period: { measured: cpu, value: intervalMicroseconds * 1000 },
  };
}

interface Spent {
  hits: number;
  microseconds: number;
}

/** Time by place. A thread that waits uses no CPU: what is `(idle)` is left out. */
export function samplesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): StackSample[] {
  const spent = new Map<number, Spent>();
  for (const [index, id] of samples.entries()) {
    const total = spent.get(id) ?? { hits: 0, microseconds: 0 };
    total.hits++;
    // Clocks of different CPUs disagree now and then.
    total.microseconds += Math.max(timeDeltas[index] ?? 0, 0);
    spent.set(id, total);
  }
  const callers = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)));
  return nodes.flatMap((node) => {
    const total = spent.get(node.id);
    if (total === undefined || node.callFrame.functionName === '(idle)') return [];
    return [{ stack: stackOf(node, callers), values: [total.hits, total.microseconds * 1000] }];
  });
}

function stackOf(innermost: Profiler.ProfileNode, callers: ReadonlyMap<number, Profiler.ProfileNode>) {
  const stack = [];
  for (let node: Profiler.ProfileNode | undefined = innermost; node !== undefined; node = callers.get(node.id)) {
    if (node.callFrame.functionName !== '(root)') stack.push(node.callFrame);
  }
  return stack;
}

import type { HeapProfiler } from 'node:inspector';
import type { Session } from 'node:inspector/promises';
import type { Frame, Measured, StackProfile, StackSample } from './pprof.js';

const inUse: Measured = { type: 'inuse_space', unit: 'bytes' };
const space: Measured = { type: 'space', unit: 'bytes' };
const intervalBytes = 64 * 1024;

/**
 * Bytes by where they were allocated, of objects that are made from now on and still held when it is `over`. Unlike
 * Go's, V8's sampling costs too much to be always on. `collect`: what nobody holds is gone for certain.
 */
export async function heapProfile(session: Session, over: () => Promise<void>, collect: boolean): Promise<StackProfile> {
  await session.post('HeapProfiler.startSampling', { samplingInterval: intervalBytes });
  await over();
  if (collect) await session.post('HeapProfiler.collectGarbage');
  const { profile } = await session.post('HeapProfiler.stopSampling');
  return { types: [inUse], samples: heldBytes(profile.head), period: { measured: space, value: intervalBytes } };
}

export function heldBytes(root: HeapProfiler.SamplingHeapProfileNode): StackSample[] {
  const samples: StackSample[] = [];
  // Not recursive: call trees are deep.
  const waiting: { node: HeapProfiler.SamplingHeapProfileNode; callers: readonly Frame[] }[] = [{ node: root, callers: [] }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, callers } = next;
    const stack = node === root ? callers : [node.callFrame, ...callers];
    if (node.selfSize > 0) samples.push({ stack, values: [node.selfSize] });
    for (const child of node.children) waiting.push({ node: child, callers: stack });
  }
  return samples;
}

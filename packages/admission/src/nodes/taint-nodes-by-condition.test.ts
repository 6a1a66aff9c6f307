import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { attributes, target } from '../testing/attributes.js';
import { taintNodesByCondition } from './taint-nodes-by-condition.js';

const taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

function admitted(taints?: core.v1.Taint[], subresource = ''): core.v1.Taint[] | undefined {
  const node: core.v1.Node = { metadata: { name: 'n' }, spec: { ...(taints && { taints }) }, status: {} as core.v1.NodeStatus };
  void taintNodesByCondition.admit?.(attributes(target('', 'Node', 'nodes'), 'CREATE', node, { subresource }));
  return node.spec.taints;
}

describe('taintNodesByCondition', () => {
  it('taints new nodes, once', () => {
    const mine = { key: 'mine', effect: 'NoExecute' };
    expect(admitted()).toEqual([taint]);
    expect(admitted([mine])).toEqual([mine, taint]);
    expect(admitted([taint])).toEqual([taint]);
    expect(admitted([{ ...taint, effect: 'NoExecute' }])).toEqual([{ ...taint, effect: 'NoExecute' }, taint]);
  });

  it('has nothing to do with subresources and updates', () => {
    expect(admitted(undefined, 'status')).toBeUndefined();
    expect(taintNodesByCondition.handles('UPDATE')).toBe(false);
  });
});

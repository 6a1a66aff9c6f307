import type { AdmissionAttributes, AdmissionPlugin } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { onCreate } from '../operations.js';

const NOT_READY = 'node.kubernetes.io/not-ready';

/** A new node takes no pods before its controller has seen it ready. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  handles: onCreate,
  resources: ['nodes'],
  admit({ resource, subresource, object }: AdmissionAttributes): void {
    if (resource.group !== '' || resource.resource !== 'nodes' || subresource !== '' || object === undefined) return;
    const { spec } = object as core.v1.Node;
    if (spec.taints?.some(({ key, effect }) => key === NOT_READY && effect === 'NoSchedule')) return;
    spec.taints = [...(spec.taints ?? []), { key: NOT_READY, effect: 'NoSchedule' }];
  },
};

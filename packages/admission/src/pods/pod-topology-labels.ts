import { type AdmissionAttributes, type AdmissionPlugin, findObject, type ObjectReader } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { onCreate } from '../operations.js';

/** What pods are told of the place of their node. */
const topologyLabels = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

/** Pods carry the labels that say where their node is (KEP-4742): those that come with a node, and those that are bound to one. */
export class PodTopologyLabels implements AdmissionPlugin {
  readonly name = 'PodTopologyLabels';
  readonly handles: AdmissionPlugin['handles'];
  readonly resources = ['pods'];
  readonly #nodes: ObjectReader;

  /** `isOn`: it runs by default, and has nothing to do before v1.35 unless its feature is switched on. */
  constructor(nodes: ObjectReader, isOn: boolean) {
    this.handles = isOn ? onCreate : () => false;
    this.#nodes = nodes;
  }

  admit({ subresource, object }: AdmissionAttributes): Promise<void> | void {
    const node = nodeNameOf(subresource, object);
    if (object === undefined || node === '') return;
    return findObject(this.#nodes, '', node).then((found) => {
      const labels = topologyLabels.flatMap((label) => {
        const value = found?.metadata.labels?.[label];
        return value === undefined ? [] : [[label, value] as const];
      });
      if (labels.length > 0) object.metadata.labels = { ...object.metadata.labels, ...Object.fromEntries(labels) };
    });
  }
}

/** '' where there is none. */
function nodeNameOf(subresource: string, object: unknown): string {
  if (subresource === '') return (object as core.v1.Pod | undefined)?.spec.nodeName ?? '';
  if (subresource !== 'binding') return '';
  const { kind, name = '' } = (object as core.v1.Binding).target;
  return kind === 'Node' ? name : '';
}

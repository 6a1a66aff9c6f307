import type { AdmissionAttributes, AdmissionPlugin } from '@keelson/machinery';
import { onCreateAndUpdate } from '../operations.js';
import { refusedWrite } from '../refused-write.js';
import { podOf } from './written-pod.js';

const HOSTNAME = 'kubernetes.io/hostname';

/** Nobody keeps others away from more than a node. */
export const limitPodHardAntiAffinityTopology: AdmissionPlugin = {
  name: 'LimitPodHardAntiAffinityTopology',
  handles: onCreateAndUpdate,
  validate(attributes: AdmissionAttributes): void {
    const terms = podOf(attributes)?.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const wider = terms.find(({ topologyKey }) => topologyKey !== HOSTNAME);
    if (wider === undefined) return;
    throw refusedWrite(
      attributes,
      `affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey ${wider.topologyKey} but only key ${HOSTNAME} is allowed`,
    );
  },
};

import type { AdmissionPlugin } from '@keelson/machinery';

/** Runs by default, and has nothing to do before v1.35: its gate `PodTopologyLabelsAdmission` is alpha, and off. */
export const podTopologyLabels: AdmissionPlugin = { name: 'PodTopologyLabels', handles: () => false };

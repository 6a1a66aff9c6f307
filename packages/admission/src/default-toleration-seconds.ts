import type { AdmissionAttributes, AdmissionPlugin } from '@keelson/machinery';
import type { core } from '@keelson/schema';

const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';
/** `--default-not-ready-toleration-seconds` and its sibling. */
const DEFAULT_SECONDS = 300;

/** Pods stay on a node that fails for a while, unless they say how long themselves. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  handles: (operation) => operation === 'CREATE' || operation === 'UPDATE',
  admit({ resource, subresource, object }: AdmissionAttributes): void {
    if (resource.group !== '' || resource.resource !== 'pods' || subresource !== '' || object === undefined) return;
    const { spec } = object as core.v1.Pod;
    const missing = [NOT_READY, UNREACHABLE].filter((key) => !spec.tolerations?.some((toleration) => tolerates(toleration, key)));
    if (missing.length > 0) spec.tolerations = [...(spec.tolerations ?? []), ...missing.map(untilDefault)];
  },
};

function tolerates({ key = '', effect = '' }: core.v1.Toleration, taint: string): boolean {
  return (key === taint || key === '') && (effect === 'NoExecute' || effect === '');
}

function untilDefault(key: string): core.v1.Toleration {
  return { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: DEFAULT_SECONDS };
}

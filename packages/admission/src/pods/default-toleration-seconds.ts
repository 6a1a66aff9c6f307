import type { AdmissionAttributes, AdmissionPlugin } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { onCreateAndUpdate } from '../operations.js';
import { podOf } from './written-pod.js';

/** `--default-not-ready-toleration-seconds` and its sibling. */
export interface TolerationSeconds {
  readonly notReady: number;
  readonly unreachable: number;
}

/** Pods stay on a node that fails for a while, unless they say how long themselves. */
export class DefaultTolerationSeconds implements AdmissionPlugin {
  readonly name = 'DefaultTolerationSeconds';
  readonly handles = onCreateAndUpdate;
  readonly resources = ['pods'];
  readonly #tolerations: readonly Readonly<core.v1.Toleration>[];

  constructor({ notReady, unreachable }: TolerationSeconds) {
    this.#tolerations = [
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: notReady },
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: unreachable },
    ];
  }

  admit(attributes: AdmissionAttributes): void {
    const spec = podOf(attributes)?.spec;
    if (spec === undefined) return;
    const missing = this.#tolerations.filter(({ key = '' }) => !spec.tolerations?.some((toleration) => tolerates(toleration, key)));
    if (missing.length > 0) spec.tolerations = [...(spec.tolerations ?? []), ...missing.map((toleration) => ({ ...toleration }))];
  }
}

function tolerates({ key = '', effect = '' }: core.v1.Toleration, taint: string): boolean {
  return (key === taint || key === '') && (effect === 'NoExecute' || effect === '');
}

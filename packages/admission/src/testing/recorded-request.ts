import type { AdmissionAttributes, KubeObject } from '@keelson/machinery';
import { attributes, type Target } from './attributes.js';

/** A request that remembers what plugins do to it besides changing its object. */
export interface RecordedRequest extends AdmissionAttributes {
  round: number;
  readonly told: {
    readonly warnings: string[];
    /** With their level, where it is not Metadata. */
    readonly annotations: Record<string, string>;
    reinvocations: number;
  };
}

export function recordedRequest(
  target: Target,
  operation: AdmissionAttributes['operation'],
  object?: KubeObject,
  more: Partial<AdmissionAttributes> = {},
): RecordedRequest {
  const told: RecordedRequest['told'] = { warnings: [], annotations: {}, reinvocations: 0 };
  return {
    ...attributes(target, operation, object, {
      warn: (text) => void told.warnings.push(text),
      annotate(key, value, level = 'Metadata') {
        told.annotations[level === 'Metadata' ? key : `${key} (${level})`] = value;
      },
      reinvoke() {
        told.reinvocations++;
      },
      ...more,
    }),
    told,
  };
}

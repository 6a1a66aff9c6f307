import { duplicate, type FieldError, type FieldPath, invalidField } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateEnumerated } from '../../validation/enumerated.js';

type Policy = core.v1.ContainerResizePolicy;

/** Whether a container is restarted to change a resource (KEP-1287). Most findings are said to be about the whole list. */
export function validateResizePolicy(policies: readonly Policy[] | undefined, podRestartPolicy: string, at: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return (policies ?? []).flatMap(({ resourceName, restartPolicy }, i) => {
    const again = seen.size === seen.add(resourceName).size;
    const restarts = podRestartPolicy === 'Never' && restartPolicy !== 'NotRequired';
    return [
      ...(again ? [duplicate(at.index(i), resourceName)] : []),
      ...validateEnumerated(resourceName, at, ['cpu', 'memory']),
      ...validateEnumerated(restartPolicy, at, ['NotRequired', 'RestartContainer']),
      ...(restarts ? [invalidField(at, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'")] : []),
    ];
  });
}

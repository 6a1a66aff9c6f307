import { type AdmissionAttributes, type AdmissionPlugin, semanticallyEqual } from '@keelson/machinery';
import { type core, isExtendedResource } from '@keelson/schema';
import { onCreateAndUpdate } from '../operations.js';
import { podOf } from './written-pod.js';

type Toleration = core.v1.Toleration;

/** Pods that ask for a special device may run on the nodes that are kept for those who need it. */
export const extendedResourceToleration: AdmissionPlugin = {
  name: 'ExtendedResourceToleration',
  handles: onCreateAndUpdate,
  admit(attributes: AdmissionAttributes): void {
    const spec = podOf(attributes)?.spec;
    if (spec === undefined) return;
    for (const key of extendedResources(spec))
      spec.tolerations = withToleration(spec.tolerations ?? [], { key, operator: 'Exists', effect: 'NoSchedule' });
  },
};

/** Names in their order. */
function extendedResources({ containers, initContainers }: core.v1.PodSpec): string[] {
  const all = [...(containers ?? []), ...(initContainers ?? [])].flatMap(({ resources }) => Object.keys(resources?.requests ?? {}));
  return [...new Set(all)].filter(isExtendedResource).sort();
}

/** The toleration takes the place of those that differ from it only in how long they last. */
function withToleration(given: Toleration[], added: Toleration): Toleration[] {
  if (given.some((one) => semanticallyEqual(one, added))) return given;
  const isSame = ({ key, operator, effect, value = '' }: Toleration) =>
    key === added.key && operator === added.operator && effect === added.effect && value === '';
  return given.some(isSame) ? given.map((one) => (isSame(one) ? added : one)) : [...given, added];
}

import type { core } from '@keelson/schema';
import type { CheckedPod } from '../checked-pod.js';
import type { Violation } from '../violation.js';
import { containersThat, distinct, named, setters } from '../wording.js';
import type { Check, CheckPod } from './check.js';

type Options = core.v1.SELinuxOptions;

const TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

function allowing(types: readonly string[]): CheckPod {
  const isAllowed = ({ type = '', user = '', role = '' }: Options) => types.includes(type) && user === '' && role === '';
  const isBad = (options: Options | undefined): options is Options => options !== undefined && !isAllowed(options);
  return (pod: CheckedPod): Violation | undefined => {
    const ofPod = pod.spec.securityContext?.seLinuxOptions;
    const names = containersThat(pod, ({ securityContext }) => isBad(securityContext?.seLinuxOptions));
    const by = setters(isBad(ofPod), names);
    if (by === undefined) return undefined;
    const bad = [ofPod, ...pod.containers.map(({ securityContext }) => securityContext?.seLinuxOptions)].filter(isBad);
    return { reason: 'seLinuxOptions', detail: `${by} set forbidden securityContext.seLinuxOptions: ${faults(bad, types).join('; ')}` };
  };
}

function faults(bad: readonly Options[], types: readonly string[]): string[] {
  const badTypes = distinct(bad.map(({ type = '' }) => type).filter((type) => !types.includes(type)));
  return [
    ...(badTypes.length > 0 ? [named('type', badTypes)] : []),
    ...(bad.some(({ user }) => user) ? ['user may not be set'] : []),
    ...(bad.some(({ role }) => role) ? ['role may not be set'] : []),
  ];
}

export const seLinuxOptions: Check = {
  id: 'seLinuxOptions',
  level: 'baseline',
  revisions: [
    { since: 0, check: allowing(TYPES) },
    { since: 31, check: allowing([...TYPES, 'container_engine_t']) },
  ],
};

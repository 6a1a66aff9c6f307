import { quote } from '@keelson/machinery';
import type { CheckedPod } from '../checked-pod.js';
import type { Violation } from '../violation.js';
import { containersThat, distinct, plural, quoted, setters } from '../wording.js';
import type { Check } from './check.js';

const ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

interface Profiled {
  readonly appArmorProfile?: { readonly type: string };
}

/** The type that is not allowed, if one is set. */
function badType(context: Profiled | undefined): string | undefined {
  const type = context?.appArmorProfile?.type;
  return type === 'RuntimeDefault' || type === 'Localhost' ? undefined : type;
}

function badAnnotations({ annotations }: CheckedPod): string[] {
  const isAllowed = (value: string) => value === '' || value === 'runtime/default' || value.startsWith('localhost/');
  return Object.entries(annotations)
    .filter(([key, value]) => key.startsWith(ANNOTATION) && !isAllowed(value))
    .map(([key, value]) => `${key}=${quote(value)}`)
    .sort();
}

function check(pod: CheckedPod): Violation | undefined {
  const ofPod = badType(pod.spec.securityContext);
  const types = distinct([ofPod, ...pod.containers.map(({ securityContext }) => badType(securityContext))].flatMap((type) => type ?? []));
  const names = containersThat(pod, ({ securityContext }) => badType(securityContext) !== undefined);
  const annotations = badAnnotations(pod);
  const noted = annotations.length > 0 ? plural('annotation', annotations.length) : undefined;
  const by = [setters(ofPod !== undefined, names), noted].flatMap((setter) => setter ?? []);
  if (by.length === 0) return undefined;
  const values = [...types, ...annotations];
  return {
    reason: plural('forbidden AppArmor profile', values.length),
    detail: `${by.join(' and ')} must not set AppArmor profile type to ${quoted(values)}`,
  };
}

export const appArmorProfile: Check = { id: 'appArmorProfile', level: 'baseline', revisions: [{ since: 0, check }] };

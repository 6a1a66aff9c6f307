import type { CheckedPod } from '../checked-pod.js';
import type { Violation } from '../violation.js';
import { containersThat, distinct, quoted, setters } from '../wording.js';

export interface SeccompContext {
  readonly seccompProfile?: { readonly type: string };
}

export const SECCOMP_REASON = 'seccompProfile';

function isAllowedProfile(type: string): boolean {
  return type === 'Localhost' || type === 'RuntimeDefault';
}

/** The type that is not allowed, if one is set. */
function badType(context: SeccompContext | undefined): string | undefined {
  const type = context?.seccompProfile?.type;
  return type === undefined || isAllowedProfile(type) ? undefined : type;
}

/** Profiles that are set and may not be. */
export function forbiddenProfiles(pod: CheckedPod): Violation | undefined {
  const ofPod = badType(pod.spec.securityContext);
  const names = containersThat(pod, ({ securityContext }) => badType(securityContext) !== undefined);
  const by = setters(ofPod !== undefined, names);
  if (by === undefined) return undefined;
  const types = distinct([ofPod, ...pod.containers.map(({ securityContext }) => badType(securityContext))].flatMap((type) => type ?? []));
  return { reason: SECCOMP_REASON, detail: `${by} must not set securityContext.seccompProfile.type to ${quoted(types)}` };
}

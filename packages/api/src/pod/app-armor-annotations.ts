import { path, semanticallyEqual } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { containerAppArmor } from './validation/annotations.js';
import { containersOf } from './validation/each-container.js';
import { validateAppArmorProfile } from './validation/profiles.js';

type Profile = core.v1.AppArmorProfile;

const localhost = 'localhost/';

/** The profile that an annotation tells; undefined when it tells none. */
export function appArmorOfAnnotation(annotation: string): Profile | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  if (!annotation.startsWith(localhost) || annotation === localhost) return undefined;
  return { type: 'Localhost', localhostProfile: annotation.slice(localhost.length) };
}

/**
 * Profiles of new pods that are annotations, as clients from before v1.30 have them, become the fields that nodes read
 * now (KEP-24). In place; `warn` gets the keys of annotations that do, or that cannot be read.
 */
export function adoptAppArmorAnnotations({ metadata, spec }: core.v1.Pod, warn: (key: string) => void): void {
  const { annotations } = metadata;
  if (annotations === undefined || spec.os?.name === 'windows') return;
  const ofPod = spec.securityContext?.appArmorProfile;
  for (const [container] of containersOf(spec, path('spec'))) {
    const key = containerAppArmor + container.name;
    const annotation = annotations[key];
    if (annotation === undefined || container.securityContext?.appArmorProfile !== undefined) continue;
    const told = appArmorOfAnnotation(annotation);
    const profile = validateAppArmorProfile(told, path('x')).length === 0 ? told : undefined;
    if (profile === undefined) warn(key);
    else if (!semanticallyEqual(profile, ofPod)) {
      container.securityContext = { ...container.securityContext, appArmorProfile: profile };
      warn(key);
    }
  }
}

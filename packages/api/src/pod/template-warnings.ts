import { type KubeObject, path } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { podSpecWarnings } from './warnings.js';

type Warnings<T> = (object: T, old: T | undefined) => string[];

/** Warns of what should not be in a pod template: when its owner is made, and whenever something is changed that counts as a new generation. */
export function templateWarnings<T extends KubeObject>(
  templateOf: (owner: T) => core.v1.PodTemplateSpec | undefined,
  place = path('spec', 'template'),
): Warnings<T> {
  const at = place.child('spec');
  return (owner, old) => {
    const template = templateOf(owner);
    const isNew = old === undefined || owner.metadata.generation !== old.metadata.generation;
    return template !== undefined && isNew ? podSpecWarnings(template.spec, at) : [];
  };
}

/** All of several kinds of warnings. */
export function allWarnings<T>(...kinds: readonly Warnings<T>[]): Warnings<T> {
  return (object, old) => kinds.flatMap((warnings) => warnings(object, old));
}

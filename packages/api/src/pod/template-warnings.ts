import { type KubeObject, path } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { podWarnings } from './warnings/pod-warnings.js';

type Warnings<T> = (object: T, old: T | undefined) => string[];

/** Warns of what should not be in a pod template: when its owner is made, and whenever something is changed that counts as a new generation. */
export function templateWarnings<T extends KubeObject>(
  templateOf: (owner: T) => core.v1.PodTemplateSpec | undefined,
  place = path('spec', 'template'),
): Warnings<T> {
  return ofGeneration((owner) => {
    const template = templateOf(owner);
    return template === undefined ? [] : podWarnings(template, place);
  });
}

/** Warns when an object is made, and whenever something is changed that counts as a new generation. */
export function ofGeneration<T extends KubeObject>(warnings: (object: T) => string[]): Warnings<T> {
  return (object, old) => (old === undefined || object.metadata.generation !== old.metadata.generation ? warnings(object) : []);
}

/** All of several kinds of warnings. */
export function allWarnings<T>(...kinds: readonly Warnings<T>[]): Warnings<T> {
  return (object, old) => kinds.flatMap((warnings) => warnings(object, old));
}

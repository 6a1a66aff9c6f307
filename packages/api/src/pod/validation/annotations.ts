import { type FieldError, type FieldPath, forbiddenField, hasFeature, invalidField, quote } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateRelativePath } from '../../validation/local-path.js';
import { containersOf } from './each-container.js';

type PodSpec = core.v1.PodSpec;
type Annotations = Readonly<Record<string, string>>;

const mirror = 'kubernetes.io/config.mirror';
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';
export const podSeccomp = 'seccomp.security.alpha.kubernetes.io/pod';
export const containerSeccomp = 'container.seccomp.security.alpha.kubernetes.io/';
export const containerAppArmor = 'container.apparmor.security.beta.kubernetes.io/';
const localhost = 'localhost/';

/** Says of an annotation what is wrong with it; undefined when it is no concern of pods. */
type Rule = (value: string, key: string, spec: PodSpec, at: FieldPath) => FieldError[];

const notInt32 = 'must be a 32bit integer';
const integer = /^(?:0|-\d+|[1-9]\d*)$/;

function isInt32(text: string): boolean {
  return integer.test(text) && Number(text) >= -(2 ** 31) && Number(text) < 2 ** 31;
}

const exactRules: Readonly<Record<string, Rule>> = {
  [mirror]: (value, key, { nodeName = '' }, at) =>
    nodeName === '' ? [invalidField(at.key(key), value, 'must set spec.nodeName if mirror pod annotation is set')] : [],
  [deletionCost]: (value, key, _spec, at) =>
    !hasFeature('PodDeletionCost') || isInt32(value) ? [] : [invalidField(at.key(key), value, notInt32)],
  [podSeccomp]: validateSeccomp,
};

const prefixRules: Readonly<Record<string, Rule>> = {
  [containerSeccomp]: validateSeccomp,
  [containerAppArmor]: validateAppArmor,
};

function validateSeccomp(value: string, key: string, _spec: PodSpec, at: FieldPath): FieldError[] {
  const here = at.child(key);
  if (value === 'runtime/default' || value === 'docker/default' || value === 'unconfined') return [];
  if (value.startsWith(localhost)) return validateRelativePath(value.slice(localhost.length), here);
  return [invalidField(here, value, 'must be a valid seccomp profile')];
}

function validateAppArmor(value: string, key: string, spec: PodSpec, at: FieldPath): FieldError[] {
  const name = key.slice(containerAppArmor.length);
  const known = containersOf(spec, at).some(([container]) => container.name === name);
  const right = value === '' || value === 'runtime/default' || value === 'unconfined' || value.startsWith(localhost);
  return [
    ...(known ? [] : [invalidField(at.key(key), name, 'container not found')]),
    ...(right ? [] : [invalidField(at.key(key), value, `invalid AppArmor profile name: ${quote(value)}`)]),
  ];
}

/** Annotations that mean something to pods. A cost that was wrong before may stay wrong. */
export function validatePodAnnotations(annotations: Annotations = {}, old: Annotations = {}, spec: PodSpec, at: FieldPath): FieldError[] {
  return Object.entries(annotations).flatMap(([key, value]) => {
    if (key === deletionCost && !isInt32(old[key] ?? '0')) return [];
    const rule = Object.hasOwn(exactRules, key) ? exactRules[key] : prefixRules[key.slice(0, key.indexOf('/') + 1)];
    return rule?.(value, key, spec, at) ?? [];
  });
}

interface Profile {
  readonly type?: string;
  readonly localhostProfile?: string;
}

/** How fields and annotations of one kind of profile are called, and what annotations say of each type. */
interface ProfileKind {
  readonly field: 'seccompProfile' | 'appArmorProfile';
  readonly name: string;
  readonly values: Readonly<Record<string, readonly string[]>>;
}

const seccomp: ProfileKind = {
  field: 'seccompProfile',
  name: 'seccomp',
  values: { Unconfined: ['unconfined'], RuntimeDefault: ['runtime/default', 'docker/default'] },
};
const appArmor: ProfileKind = {
  field: 'appArmorProfile',
  name: 'apparmor',
  values: { Unconfined: ['unconfined'], RuntimeDefault: ['runtime/default'] },
};

/** The annotation that a field has replaced must not say something else. */
function validateMatch(annotation: string | undefined, profile: Profile | undefined, kind: ProfileKind, at: FieldPath): FieldError[] {
  if (annotation === undefined || profile === undefined) return [];
  const { type = '', localhostProfile } = profile;
  const here = at.child('securityContext', kind.field);
  const differs = (field: string, what: string) => [
    forbiddenField(here.child(field), `${kind.name} ${what} in annotation and field must match`),
  ];
  if (type === 'Localhost') {
    if (!annotation.startsWith(localhost)) return differs('type', 'type');
    return annotation.slice(localhost.length) === localhostProfile ? [] : differs('localhostProfile', 'profile');
  }
  return kind.values[type]?.includes(annotation) === false ? differs('type', 'type') : [];
}

/** Profiles that are given in both ways. `at` is the place of the spec. */
export function validateProfileAnnotations(annotations: Annotations | undefined, spec: PodSpec, at: FieldPath): FieldError[] {
  if (annotations === undefined) return [];
  const { securityContext } = spec;
  const containers = containersOf(spec, at);
  const windows = spec.os?.name === 'windows';
  return [
    ...validateMatch(annotations[podSeccomp], securityContext?.seccompProfile, seccomp, at),
    ...containers.flatMap(([{ name, securityContext: own }, here]) =>
      validateMatch(annotations[containerSeccomp + name], own?.seccompProfile, seccomp, here),
    ),
    ...containers.flatMap(([{ name, securityContext: own }, here]) => {
      const profile = windows ? undefined : (own?.appArmorProfile ?? securityContext?.appArmorProfile);
      return validateMatch(annotations[containerAppArmor + name], profile, appArmor, here);
    }),
  ];
}

/** Who has made a pod, and how it is confined, is settled when it is made. */
export function validatePodAnnotationsUpdate(annotations: Annotations = {}, old: Annotations = {}, at: FieldPath): FieldError[] {
  const changed = Object.keys(old).filter((key) => annotations[key] !== old[key]);
  const added = Object.keys(annotations).filter((key) => old[key] === undefined);
  const refuse = (keys: readonly string[], verb: string) =>
    keys.flatMap((key) => {
      if (key === mirror) return [forbiddenField(at.key(key), `may not ${verb} mirror pod annotation`)];
      return key.startsWith(containerAppArmor) ? [forbiddenField(at.key(key), `may not ${verb} AppArmor annotations`)] : [];
    });
  return [...refuse(changed, 'remove or update'), ...refuse(added, 'add')];
}

/** A pod that stands for one that its node runs by itself. */
export function isMirror(annotations: Annotations | undefined): boolean {
  return annotations?.[mirror] !== undefined;
}

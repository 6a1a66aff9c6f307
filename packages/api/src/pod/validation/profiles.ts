import { type FieldError, type FieldPath, invalidField, notSupported, required, tooLong } from '@keelson/machinery';
import { type core, internalForm } from '@keelson/schema';
import { validateRelativePath } from '../../validation/local-path.js';

const types = ['Localhost', 'RuntimeDefault', 'Unconfined'];
const maxPathBytes = 4095;

function validateType(type: string, field: string, at: FieldPath): FieldError[] {
  if (type === '') return [required(at, `type is required when ${field} is set`)];
  return types.includes(type) ? [] : [notSupported(at, type, types)];
}

/** Which system calls a container may make. */
export function validateSeccompProfile(profile: core.v1.SeccompProfile | undefined, at: FieldPath): FieldError[] {
  if (profile === undefined) return [];
  const { type = '', localhostProfile } = profile;
  const here = at.child('localhostProfile');
  const errors = validateType(type, 'seccompProfile', at.child('type'));
  if (type !== 'Localhost') {
    if (localhostProfile === undefined) return errors;
    return [
      ...errors,
      invalidField(here, internalForm('core.v1.SeccompProfile', profile), 'can only be set when seccomp type is Localhost'),
    ];
  }
  if (localhostProfile === undefined) return [...errors, required(here, 'must be set when seccomp type is Localhost')];
  return [...errors, ...validateRelativePath(localhostProfile, here)];
}

function validateLocalAppArmor(profile: string | undefined, at: FieldPath): FieldError[] {
  const missing = required(at, 'must be set when AppArmor type is Localhost');
  if (profile === undefined) return [missing];
  const errors: FieldError[] = [];
  if (profile !== profile.trim()) errors.push(invalidField(at, profile, 'must not be padded with whitespace'));
  else if (profile === '') errors.push(missing);
  return Buffer.byteLength(profile) > maxPathBytes ? [...errors, tooLong(at, maxPathBytes)] : errors;
}

/** What a container may do with files, by name of a profile of its node. */
export function validateAppArmorProfile(profile: core.v1.AppArmorProfile | undefined, at: FieldPath): FieldError[] {
  if (profile === undefined) return [];
  const { type = '', localhostProfile } = profile;
  const here = at.child('localhostProfile');
  if (type === 'Localhost') return validateLocalAppArmor(localhostProfile, here);
  const errors = validateType(type, 'appArmorProfile', at.child('type'));
  if (errors.length > 0 || localhostProfile === undefined) return errors;
  return [invalidField(here, localhostProfile, 'can only be set when AppArmor type is Localhost')];
}

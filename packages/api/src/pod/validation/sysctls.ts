import { duplicate, type FieldError, type FieldPath, invalidField, required } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateEach } from '../../validation/each.js';

type PodSpec = core.v1.PodSpec;

const maxNameLength = 253;
const segment = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const namePattern = `^(${segment}[\\./])*${segment}$`;
const nameForm = new RegExp(namePattern);

function nameErrors(name: string, seen: ReadonlySet<string>, at: FieldPath): FieldError[] {
  if (name === '') return [required(at)];
  if (name.length > maxNameLength || !nameForm.test(name)) {
    return [invalidField(at, name, `must have at most ${maxNameLength} characters and match regex ${namePattern}`)];
  }
  return seen.has(name) ? [duplicate(at, name)] : [];
}

/** Dots and slashes may change places in a name; the first of them tells whether they have. */
function dotted(name: string): string {
  const firstSeparator = /[./]/.exec(name)?.[0];
  if (firstSeparator !== '/') return name;
  return name.replace(/[./]/g, (separator) => (separator === '/' ? '.' : '/'));
}

function isOfNetwork(name: string): boolean {
  return name.startsWith('net.');
}

function isOfIpc(name: string): boolean {
  return name === 'kernel.sem' || ['kernel.shm', 'kernel.msg', 'fs.mqueue.'].some((prefix) => name.startsWith(prefix));
}

/** What a pod shares with its host is not the pod's to set. */
function validateShared(name: string, { hostNetwork, hostIPC }: PodSpec, at: FieldPath): FieldError[] {
  const key = dotted(name);
  if (hostNetwork && isOfNetwork(key)) return [invalidField(at, name, "may not be specified when 'hostNetwork' is true")];
  return hostIPC && isOfIpc(key) ? [invalidField(at, name, "may not be specified when 'hostIPC' is true")] : [];
}

/** Parameters of the kernel. */
export function validateSysctls(spec: PodSpec, at: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return validateEach(spec.securityContext?.sysctls, at, ({ name }, here) => {
    const namePath = here.child('name');
    const errors = [...nameErrors(name, seen, namePath), ...validateShared(name, spec, namePath)];
    seen.add(name);
    return errors;
  });
}

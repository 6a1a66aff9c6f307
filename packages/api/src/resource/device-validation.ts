import { deviceSelectorProblem } from '@keelson/cel';
import {
  cIdentifier,
  dns1123Subdomain,
  duplicate,
  type FieldError,
  type FieldPath,
  forbiddenField,
  formatJson,
  internalField,
  invalidField,
  labelValue,
  qualifiedName,
  rawTextOf,
  required,
  tooLong,
  tooMany,
} from '@keelson/machinery';
import type { resource } from '@keelson/schema';
import { validateEnumerated, validateOptionalEnumerated } from '../validation/enumerated.js';
import { validateForm } from '../validation/names.js';

const maxDriverNameBytes = 63;
const maxItems = 32;
const maxExpressionBytes = 10 * 1024;
const maxPoolNameBytes = 253;
const maxRawBytes = 10 * 1024;
const maxIdentifierBytes = 32;
const taintEffects: readonly string[] = ['NoExecute', 'NoSchedule'];

/** A list of something, each checked in its place. */
export function validateList<T>(
  list: readonly T[] | null | undefined,
  at: FieldPath,
  maxCount: number,
  validate: (item: T, at: FieldPath) => FieldError[],
): FieldError[] {
  const items = list ?? [];
  const errors = items.flatMap((item, i) => validate(item, at.index(i)));
  return items.length > maxCount ? [...errors, tooMany(at, items.length, maxCount)] : errors;
}

/** A list of what each has a key of its own, which stands in `field` or is the item itself. `shownKey` is the key as messages show it. */
export function validateSet<T>(
  list: readonly T[] | null | undefined,
  at: FieldPath,
  maxCount: number,
  validate: (item: T, at: FieldPath) => FieldError[],
  { keyOf, field, shownKey }: { keyOf(item: T): string; field?: string; shownKey?: object },
): FieldError[] {
  const seen = new Set<string>();
  const again = (list ?? []).flatMap((item, i) => {
    const key = keyOf(item);
    if (seen.size !== seen.add(key).size) return [];
    return [duplicate(field === undefined ? at.index(i) : at.index(i).child(field), shownKey ?? key)];
  });
  return [...validateList(list, at, maxCount, validate), ...again];
}

/** Name of a driver: a DNS subdomain, in whichever case. */
export function validateDriverName(name: string, at: FieldPath): FieldError[] {
  return [
    ...(name === '' ? [required(at)] : []),
    ...(Buffer.byteLength(name) > maxDriverNameBytes ? [tooLong(at, maxDriverNameBytes)] : []),
    ...dns1123Subdomain(name.toLowerCase()).map((detail) => invalidField(at, name, detail)),
  ];
}

/** `domain/identifier`: name of a device's attribute or capacity; the domain may be left out where the driver's is meant. */
export function validateQualifiedIdentifier(name: string, at: FieldPath): FieldError[] {
  if (name === '') return [required(at, 'name required')];
  const [first = '', second, more] = name.split('/');
  // As in Kubernetes, what has more than one slash is not looked at.
  if (more !== undefined) return [];
  if (second === undefined) return validateIdentifier(first, at);
  return [
    ...(first === '' ? [required(at, 'the domain must not be empty')] : validateDriverName(first, at)),
    ...(second === '' ? [required(at, 'the name must not be empty')] : validateIdentifier(second, at)),
  ];
}

function validateIdentifier(identifier: string, at: FieldPath): FieldError[] {
  return [
    ...(Buffer.byteLength(identifier) > maxIdentifierBytes ? [tooLong(at, maxIdentifierBytes)] : []),
    ...validateForm(identifier, at, cIdentifier),
  ];
}

/** Names of pools are paths of subdomains. */
export function validatePoolName(name: string, at: FieldPath): FieldError[] {
  if (name === '') return [required(at)];
  return [
    ...(Buffer.byteLength(name) > maxPoolNameBytes ? [tooLong(at, maxPoolNameBytes)] : []),
    ...name.split('/').flatMap((part) => validateForm(part, at, dns1123Subdomain)),
  ];
}

/** As above, but with the domain. */
export function validateFullyQualifiedName(name: string, at: FieldPath): FieldError[] {
  const errors = validateQualifiedIdentifier(name, at);
  return name === '' || name.includes('/') ? errors : [...errors, invalidField(at, name, 'must include a domain')];
}

/** `stored`: they were let in before, when more or less may have been allowed in expressions. */
export function validateSelectors(
  selectors: readonly resource.v1beta2.DeviceSelector[] | undefined,
  at: FieldPath,
  stored: boolean,
): FieldError[] {
  return validateList(selectors, at, maxItems, ({ cel }, here) => {
    return cel === undefined ? [required(here.child('cel'))] : validateExpression(cel.expression, here.child('cel', 'expression'), stored);
  });
}

function validateExpression(expression: string, at: FieldPath, stored: boolean): FieldError[] {
  if (Buffer.byteLength(expression) > maxExpressionBytes) return [tooLong(at, maxExpressionBytes)];
  const problem = deviceSelectorProblem(expression, stored);
  if (problem === undefined) return [];
  switch (problem.kind) {
    case 'invalid':
      return [invalidField(at, expression, problem.detail)];
    case 'forbidden':
      return [forbiddenField(at, problem.detail)];
    case 'internal':
      return [internalField(at, problem.detail)];
  }
}

/** What a driver says or is told in words of its own: a JSON object, whose length was not limited before it was `stored`. */
export function validateRawObject(value: unknown, at: FieldPath, stored: boolean): FieldError[] {
  if (value === null || value === undefined) return [required(at)];
  if (!stored && Buffer.byteLength(rawTextOf(value) ?? formatJson(value)) > maxRawBytes) return [tooLong(at, maxRawBytes)];
  if (typeof value === 'object' && !Array.isArray(value)) return [];
  return [invalidField(at, '<value omitted>', 'must be a valid JSON object')];
}

/** What a driver is told of a device it is to set up. */
export function validateConfiguration({ opaque }: resource.v1beta2.DeviceConfiguration, at: FieldPath, stored: boolean): FieldError[] {
  const here = at.child('opaque');
  if (opaque === undefined) return [required(here)];
  return [
    ...validateDriverName(opaque.driver, here.child('driver')),
    ...validateRawObject(opaque.parameters, here.child('parameters'), stored),
  ];
}

export function validateConfigurations(
  configurations: readonly resource.v1beta2.DeviceConfiguration[] | undefined,
  at: FieldPath,
  stored: boolean,
): FieldError[] {
  return validateList(configurations, at, maxItems, (configuration, here) => validateConfiguration(configuration, here, stored));
}

export function validateTaint({ key, value = '', effect }: resource.v1beta2.DeviceTaint, at: FieldPath): FieldError[] {
  return [
    ...validateForm(key, at.child('key'), qualifiedName),
    ...validateForm(value, at.child('value'), labelValue),
    ...validateEnumerated(effect, at.child('effect'), taintEffects),
  ];
}

export function validateToleration(toleration: resource.v1beta2.DeviceToleration, at: FieldPath): FieldError[] {
  const { key = '', operator = '', value = '', effect } = toleration;
  const errors = key === '' ? [] : validateForm(key, at.child('key'), qualifiedName);
  return [
    ...errors,
    ...validateEnumerated(operator, at.child('operator'), ['Equal', 'Exists']),
    ...(operator === 'Equal' ? validateForm(value, at.child('value'), labelValue) : []),
    ...(operator === 'Exists' && value !== '' ? [invalidField(at.child('value'), value, 'must be empty for operator `Exists`')] : []),
    ...(effect ? validateOptionalEnumerated(effect, at.child('effect'), taintEffects) : []),
  ];
}

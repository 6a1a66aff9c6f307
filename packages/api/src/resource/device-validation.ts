import { deviceSelectorProblem } from '@keelson/cel';
import {
  cIdentifier,
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  labelValue,
  qualifiedName,
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
const maxDomainBytes = 63;
const maxIdentifierBytes = 32;
export const taintEffects: readonly string[] = ['NoExecute', 'NoSchedule'];

/** A list of something, each checked in its place. */
export function validateList<T>(
  list: readonly T[] | null | undefined,
  at: FieldPath,
  maxCount: number,
  validate: (item: T, at: FieldPath) => FieldError[],
): FieldError[] {
  const items = list ?? [];
  const errors = items.length > maxCount ? [tooMany(at, items.length, maxCount)] : [];
  return errors.concat(items.flatMap((item, i) => validate(item, at.index(i))));
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
  const slash = name.indexOf('/');
  const identifier = name.slice(slash + 1);
  return [
    ...(slash < 0 ? [] : validateDomain(name.slice(0, slash), at)),
    ...(identifier === '' ? [required(at, 'the name must not be empty')] : validateForm(identifier, at, cIdentifier)),
    ...(Buffer.byteLength(identifier) > maxIdentifierBytes ? [tooLong(at, maxIdentifierBytes)] : []),
  ];
}

function validateDomain(domain: string, at: FieldPath): FieldError[] {
  if (domain === '') return [required(at, 'the domain must not be empty')];
  return [
    ...(Buffer.byteLength(domain) > maxDomainBytes ? [tooLong(at, maxDomainBytes)] : []),
    ...validateForm(domain, at, dns1123Subdomain),
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
  return [problem.kind === 'invalid' ? invalidField(at, expression, problem.detail) : forbiddenField(at, problem.detail)];
}

function isEmpty(parameters: unknown): boolean {
  return parameters === null || parameters === undefined;
}

function validateOpaque({ driver, parameters }: resource.v1beta2.OpaqueDeviceConfiguration, at: FieldPath): FieldError[] {
  return [...validateDriverName(driver, at.child('driver')), ...(isEmpty(parameters) ? [required(at.child('parameters'))] : [])];
}

/** What a driver is told of a device it is to set up. */
export function validateConfiguration({ opaque }: resource.v1beta2.DeviceConfiguration, at: FieldPath): FieldError[] {
  return opaque === undefined ? [required(at.child('opaque'))] : validateOpaque(opaque, at.child('opaque'));
}

export function validateConfigurations(
  configurations: readonly resource.v1beta2.DeviceConfiguration[] | undefined,
  at: FieldPath,
): FieldError[] {
  return validateList(configurations, at, maxItems, validateConfiguration);
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

import {
  dns1123Label,
  duplicate,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  notFoundField,
  Quantity,
  required,
} from '@keelson/machinery';
import { type core, isHugePages } from '@keelson/schema';
import { validateEach } from '../../validation/each.js';
import { validateForm } from '../../validation/names.js';
import { isOvercommitAllowed, validateContainerResourceName } from '../../validation/resource-names.js';
import { validateResourceQuantity } from '../../validation/resource-quantity.js';

type Requirements = core.v1.ResourceRequirements;
type NameRule = (name: string, at: FieldPath) => FieldError[];

const none: ReadonlySet<string> = new Set();

/** The size of a page must be a whole number of bytes, and the amount a whole number of pages. */
function isWholePages(name: string, quantity: Quantity): boolean {
  let size: Quantity;
  try {
    size = Quantity.parse(name.slice('hugepages-'.length));
  } catch {
    // Whatever it is named after is no size.
    return false;
  }
  return size.sign > 0 && size.milliValue() % 1000n === 0n && quantity.value() % size.value() === 0n;
}

function validateHugePages(name: string, quantity: Quantity, at: FieldPath): FieldError[] {
  if (!isHugePages(name) || isWholePages(name, quantity)) return [];
  return [invalidField(at, quantity.toString(), `${quantity} is not positive integer multiple of ${name}`)];
}

function validateLimits({ limits }: Requirements, at: FieldPath, validateName: NameRule): FieldError[] {
  return Object.entries(limits ?? {}).flatMap(([name, text]) => {
    const here = at.key(name);
    const quantity = Quantity.parse(text);
    return [...validateName(name, here), ...validateResourceQuantity(name, quantity, here), ...validateHugePages(name, quantity, here)];
  });
}

/** What is asked for is at most what is allowed, and exactly that where nothing can be overcommitted. */
function validateAgainstLimit(name: string, quantity: Quantity, limitText: string | undefined, at: FieldPath): FieldError[] {
  const overcommit = isOvercommitAllowed(name);
  if (limitText === undefined) {
    return overcommit ? [] : [required(at.child('limits'), 'Limit must be set for non overcommitable resources')];
  }
  const limit = Quantity.parse(limitText);
  const order = quantity.compare(limit);
  if (order === 0 || (order < 0 && overcommit)) return [];
  const relation = overcommit ? 'less than or equal to' : 'equal to';
  return [invalidField(at.child('requests'), quantity.toString(), `must be ${relation} ${name} limit of ${limit}`)];
}

function validateRequests({ requests, limits }: Requirements, at: FieldPath, validateName: NameRule): FieldError[] {
  const requestsPath = at.child('requests');
  return Object.entries(requests ?? {}).flatMap(([name, text]) => {
    const here = requestsPath.key(name);
    const quantity = Quantity.parse(text);
    return [
      ...validateName(name, here),
      ...validateResourceQuantity(name, quantity, here),
      ...validateAgainstLimit(name, quantity, limits?.[name], at),
      ...validateHugePages(name, quantity, here),
    ];
  });
}

/** Pods that only ask for huge pages could not be scheduled sensibly. */
function validateCompany({ limits, requests }: Requirements, at: FieldPath): FieldError[] {
  const names = [...Object.keys(limits ?? {}), ...Object.keys(requests ?? {})];
  if (!names.some(isHugePages) || names.includes('cpu') || names.includes('memory')) return [];
  return [forbiddenField(at, 'HugePages require cpu or memory')];
}

function validateKnownClaim(name: string, known: ReadonlySet<string>, at: FieldPath): FieldError[] {
  if (known.has(name)) return [];
  const list = known.size === 0 ? ' which is empty' : `: ${[...known].sort().join(', ')}`;
  return [notFoundField(at, name, `must be one of the names in pod.spec.resourceClaims${list}`)];
}

/** Claims of the pod that a container uses, as a whole or some requests of them. */
function validateClaims(claims: Requirements['claims'], known: ReadonlySet<string>, at: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return validateEach(claims, at, ({ name, request = '' }, here) => {
    if (name === '') return [required(here)];
    const unknown = validateKnownClaim(name, known, here);
    if (seen.has(name)) return [duplicate(here, name), ...unknown];
    const errors = request === '' ? [] : validateForm(request, here.child('request'), dns1123Label);
    const key = request === '' ? name : `${name}/${request}`;
    if (seen.has(key)) errors.push(duplicate(here, key));
    else if (request === '') errors.push(...[...seen].filter((other) => other.startsWith(`${name}/`)).map(() => duplicate(here, name)));
    seen.add(key);
    return [...errors, ...unknown];
  });
}

/** `claims` are the names of the pod's own claims. */
export function validateResourceRequirements(
  resources: Requirements | undefined,
  at: FieldPath,
  claims = none,
  validateName: NameRule = validateContainerResourceName,
): FieldError[] {
  if (resources === undefined) return [];
  return [
    ...validateLimits(resources, at.child('limits'), validateName),
    ...validateRequests(resources, at, validateName),
    ...validateCompany(resources, at),
    ...validateClaims(resources.claims, claims, at.child('claims')),
  ];
}

import {
  dns1123Label,
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  hasFeature,
  invalidField,
  path,
  required,
  semanticallyEqual,
} from '@keelson/machinery';
import { internalForm, type resource } from '@keelson/schema';
import { validateEnumerated } from '../validation/enumerated.js';
import { validateForm } from '../validation/names.js';
import { validateTemplateMetadata } from '../validation/template-metadata.js';
import {
  validateConfiguration,
  validateFullyQualifiedName,
  validateList,
  validateSelectors,
  validateSet,
  validateToleration,
} from './device-validation.js';
import { requestNames, validateRequestReferences } from './request-references.js';

type Claim = resource.v1beta2.ResourceClaim;
type Template = resource.v1beta2.ResourceClaimTemplate;
type ClaimSpec = resource.v1beta2.ResourceClaimSpec;
type Request = resource.v1beta2.DeviceRequest;
type Alternative = resource.v1beta2.DeviceSubRequest;
type Counted = Omit<resource.v1beta2.ExactDeviceRequest, 'adminAccess'>;
type Constraint = resource.v1beta2.DeviceConstraint;

const maxItems = 32;
const maxAlternatives = 8;
const anyNumber = Number.POSITIVE_INFINITY;

function validateCount({ allocationMode, count = 0 }: Counted, at: FieldPath): FieldError[] {
  if (allocationMode === 'ExactCount') return count > 0 ? [] : [invalidField(at, count, 'must be greater than zero')];
  if (allocationMode !== 'All' || count === 0) return [];
  return [invalidField(at, count, "must not be specified when allocationMode is 'All'")];
}

function validateCounted(request: Counted, at: FieldPath, stored: boolean): FieldError[] {
  const { deviceClassName, selectors, allocationMode, tolerations } = request;
  const classPath = at.child('deviceClassName');
  return [
    ...(deviceClassName === '' ? [required(classPath)] : validateForm(deviceClassName, classPath, dns1123Subdomain)),
    ...validateSelectors(selectors, at.child('selectors'), stored),
    ...validateEnumerated(allocationMode, at.child('allocationMode'), ['All', 'ExactCount']),
    ...validateCount(request, at.child('count')),
    ...validateList(tolerations, at.child('tolerations'), anyNumber, validateToleration),
  ];
}

function validateName(name: string, at: FieldPath): FieldError[] {
  return validateForm(name, at.child('name'), dns1123Label);
}

const byName = { keyOf: ({ name }: { readonly name: string }) => name, field: 'name' };
const oneForm = 'exactly one of `exactly` or `firstAvailable` is required';

function validateRequest({ name, exactly, firstAvailable = [] }: Request, at: FieldPath, stored: boolean): FieldError[] {
  const validateAlternative = (each: Alternative, here: FieldPath) => [
    ...validateName(each.name, here),
    ...validateCounted(each, here, stored),
  ];
  const isBoth = exactly !== undefined && firstAvailable.length > 0;
  return [
    ...validateName(name, at),
    ...validateSet(firstAvailable, at.child('firstAvailable'), maxAlternatives, validateAlternative, byName),
    ...(exactly === undefined ? [] : validateCounted(exactly, at.child('exactly'), stored)),
    ...(isBoth ? [invalidField(at, null, `${oneForm}, but multiple fields are set`)] : []),
    ...(exactly === undefined && firstAvailable.length === 0 ? [required(at, oneForm)] : []),
  ];
}

const oneAttribute = 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set';

function validateConstraint(
  { requests, matchAttribute, distinctAttribute }: Constraint,
  at: FieldPath,
  known: ReadonlySet<string>,
): FieldError[] {
  const errors = validateRequestReferences(requests, at.child('requests'), known);
  if (matchAttribute !== undefined) return [...errors, ...validateFullyQualifiedName(matchAttribute, at.child('matchAttribute'))];
  if (distinctAttribute !== undefined) return [...errors, ...validateFullyQualifiedName(distinctAttribute, at.child('distinctAttribute'))];
  return [...errors, hasFeature('DRAConsumableCapacity') ? required(at, oneAttribute) : required(at.child('matchAttribute'))];
}

/** `stored`: its expressions were let in before. */
function validateSpec({ devices }: ClaimSpec, at: FieldPath, stored: boolean): FieldError[] {
  const here = at.child('devices');
  const requests = devices.requests ?? [];
  const known = requestNames(devices);
  return [
    ...validateSet(requests, here.child('requests'), maxItems, (request, each) => validateRequest(request, each, stored), byName),
    ...validateList(devices.constraints, here.child('constraints'), maxItems, (constraint, each) =>
      validateConstraint(constraint, each, known),
    ),
    ...validateList(devices.config, here.child('config'), maxItems, (config, each) => [
      ...validateRequestReferences(config.requests, each.child('requests'), known),
      ...validateConfiguration(config, each, stored),
    ]),
  ];
}

const specPath = path('spec');

/**
 * A spec stays as it was made. Updates are looked at as new objects and as changes of old ones, so that clients are told
 * most findings twice. `message` is the full name of the spec's type.
 */
function validateFixed<Spec extends object>(
  spec: Spec,
  old: Spec | undefined,
  message: string,
  validate: (spec: Spec, stored: boolean) => FieldError[],
): FieldError[] {
  const asNew = validate(spec, false);
  if (old === undefined) return asNew;
  const changed = semanticallyEqual(spec, old) ? [] : [invalidField(specPath, internalForm(message, spec), 'field is immutable')];
  return [...asNew, ...changed, ...validate(spec, true)];
}

export function validateClaim({ spec }: Claim, old: Claim | undefined): FieldError[] {
  return validateFixed(spec, old?.spec, 'resource.v1beta2.ResourceClaimSpec', (each, stored) => validateSpec(each, specPath, stored));
}

export function validateClaimTemplate({ spec }: Template, old: Template | undefined): FieldError[] {
  return validateFixed(spec, old?.spec, 'resource.v1beta2.ResourceClaimTemplateSpec', ({ metadata, spec: claim }, stored) => [
    ...validateTemplateMetadata(metadata, specPath.child('metadata')),
    ...validateSpec(claim, specPath.child('spec'), stored),
  ]);
}

import {
  dns1123Label,
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  invalidField,
  path,
  required,
  tooLong,
  validateImmutable,
} from '@keelson/machinery';
import { type core, internalForm, type resource } from '@keelson/schema';
import { validateForm } from '../validation/names.js';
import { validateNodeSelector } from '../validation/node-selector.js';
import { validateBindingConditions } from './binding-conditions-validation.js';
import {
  validateDriverName,
  validateList,
  validatePoolName,
  validateQualifiedIdentifier,
  validateSet,
  validateTaint,
} from './device-validation.js';

type Slice = resource.v1beta2.ResourceSlice;
type Spec = resource.v1beta2.ResourceSliceSpec;
type Device = resource.v1beta2.Device;
type Attribute = resource.v1beta2.DeviceAttribute;

const specPath = path('spec');
const maxDevices = 128;
const maxAttributesAndCapacities = 32;
const maxTaints = 4;
const maxAttributeBytes = 64;

/** https://semver.org, 2.0.0 */
const semver =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

function validatePool({ name, generation, resourceSliceCount }: resource.v1beta2.ResourcePool): FieldError[] {
  const at = specPath.child('pool');
  return [
    ...validatePoolName(name, at.child('name')),
    ...(resourceSliceCount > 0 ? [] : [invalidField(at.child('resourceSliceCount'), resourceSliceCount, 'must be greater than zero')]),
    ...(generation >= 0 ? [] : [invalidField(at.child('generation'), generation, 'must be greater than or equal to zero')]),
  ];
}

/** Devices are on one node, on selected nodes, everywhere, or each says where it is. */
function validatePlace(spec: Spec): FieldError[] {
  const { nodeName, nodeSelector, allNodes, perDeviceNodeSelection } = spec;
  const places = { nodeName, nodeSelector, allNodes, perDeviceNodeSelection };
  const given = Object.entries(places).flatMap(([field, place]) => (place ? [field] : []));
  const choice = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';
  const shown = `{${given.map((field) => `\`${field}\``).join(', ')}}`;
  return [
    ...(nodeName === undefined ? [] : validateNodeName(nodeName)),
    ...(nodeSelector === undefined ? [] : validatePlaces(nodeSelector)),
    ...(allNodes === false ? [invalidField(specPath.child('allNodes'), false, 'must be either unset or set to true')] : []),
    ...(perDeviceNodeSelection === false
      ? [invalidField(specPath.child('perDeviceNodeSelection'), false, 'must be either unset or set to true')]
      : []),
    ...(given.length === 0 ? [required(specPath, choice)] : []),
    ...(given.length > 1 ? [invalidField(specPath, shown, `${choice}, but multiple fields are set`)] : []),
  ];
}

function validatePlaces(nodeSelector: core.v1.NodeSelector): FieldError[] {
  const at = specPath.child('nodeSelector');
  // Selectors of several slices are joined when a device is given out: that is simple with one term each.
  const shown = nodeSelector.nodeSelectorTerms?.map((term) => internalForm('core.v1.NodeSelectorTerm', term)) ?? null;
  return [
    ...validateNodeSelector(nodeSelector, at),
    ...(shown?.length === 1 ? [] : [invalidField(at.child('nodeSelectorTerms'), shown, 'must have exactly one node selector term')]),
  ];
}

function validateNodeName(nodeName: string): FieldError[] {
  const at = specPath.child('nodeName');
  return nodeName === ''
    ? [invalidField(at, nodeName, 'must be either unset or set to a non-empty string')]
    : validateForm(nodeName, at, dns1123Subdomain);
}

/** Messages show an attribute by the names that its fields have inside Kubernetes. */
function shownAttribute({
  int = null,
  bool = null,
  string = null,
  version = null,
}: { [K in keyof Attribute]: Attribute[K] | null }): object {
  return { IntValue: int, BoolValue: bool, StringValue: string, VersionValue: version };
}

function validateAttribute(attribute: Attribute, at: FieldPath): FieldError[] {
  const { string, version } = attribute;
  const values = Object.values(attribute).filter((value) => value !== undefined);
  const count = values.length === 0 ? [required(at, 'exactly one value must be specified')] : [];
  if (values.length > 1) count.push(invalidField(at, shownAttribute(attribute), 'exactly one value must be specified'));
  const texts = Object.entries({ string, version }).filter(([, text]) => text !== undefined && Buffer.byteLength(text) > maxAttributeBytes);
  return [
    ...(version === undefined || semver.test(version)
      ? []
      : [invalidField(at.child('version'), version, 'must be a string compatible with semver.org spec 2.0.0')]),
    ...texts.map(([field]) => tooLong(at.child(field), maxAttributeBytes)),
    ...count,
  ];
}

function validateDevice(device: Device, at: FieldPath): FieldError[] {
  const { name, attributes = {}, capacity = {}, taints } = device;
  const count = Object.keys(attributes).length + Object.keys(capacity).length;
  const details = `the total number of attributes and capacities must not exceed ${maxAttributesAndCapacities}`;
  return [
    ...validateForm(name, at.child('name'), dns1123Label),
    ...(count > maxAttributesAndCapacities ? [invalidField(at, count, details)] : []),
    ...Object.entries(attributes).flatMap(([key, attribute]) => [
      ...validateQualifiedIdentifier(key, at.child('attributes').key(key)),
      ...validateAttribute(attribute, at.child('attributes').key(key)),
    ]),
    ...Object.keys(capacity).flatMap((key) => validateQualifiedIdentifier(key, at.child('capacity').key(key))),
    ...validateList(taints, at.child('taints'), maxTaints, validateTaint),
    ...validateBindingConditions(device, at),
  ];
}

function validateDevices(devices: readonly Device[]): FieldError[] {
  return validateSet(devices, specPath.child('devices'), maxDevices, validateDevice, { keyOf: ({ name }) => name, field: 'name' });
}

/** A slice stays with its driver, its pool and its node. */
function validateUpdate(spec: Spec, old: Spec): FieldError[] {
  return [
    ...validateImmutable(spec.pool.name, old.pool.name, specPath.child('pool', 'name')),
    ...(['driver', 'nodeName'] as const).flatMap((field) =>
      validateImmutable(spec[field] ?? null, old[field] ?? null, specPath.child(field)),
    ),
  ];
}

export function validateSlice({ spec }: Slice, old: Slice | undefined): FieldError[] {
  return [
    ...validateDriverName(spec.driver, specPath.child('driver')),
    ...validatePool(spec.pool),
    ...(old === undefined ? [] : validateUpdate(spec, old.spec)),
    ...validatePlace(spec),
    ...validateDevices(spec.devices ?? []),
  ];
}

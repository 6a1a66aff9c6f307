import {
  duplicate,
  type Features,
  type FieldError,
  type FieldPath,
  invalidField,
  path,
  qualifiedName,
  required,
  semanticallyEqual,
  validateNonNegative,
} from '@keelson/machinery';
import { internalForm, type storage } from '@keelson/schema';
import type { WriteContext } from '@keelson/server';
import { validateForm } from '../validation/names.js';
import { repeatedOnUpdate } from '../validation/repeat-on-update.js';
import { validateDriverName } from './driver-names.js';

type CSINode = storage.v1.CSINode;
type Driver = storage.v1.CSINodeDriver;

const maxNodeIdCharacters = 256;

const driversPath = path('spec', 'drivers');

function validateNodeId(nodeID: string, at: FieldPath): FieldError[] {
  if (nodeID === '') return [required(at)];
  return Buffer.byteLength(nodeID) > maxNodeIdCharacters
    ? [invalidField(at, nodeID, `must be ${maxNodeIdCharacters} characters or less`)]
    : [];
}

function validateTopologyKeys(keys: readonly string[], at: FieldPath): FieldError[] {
  return keys.flatMap((key, i) => [
    ...(key === '' ? [required(at)] : []),
    ...(keys.indexOf(key) < i ? [duplicate(at, key)] : []),
    ...validateForm(key, at, qualifiedName),
  ]);
}

function validateDriver(driver: Driver, i: number, all: readonly Driver[]): FieldError[] {
  const at = driversPath.index(i);
  const { name, nodeID, topologyKeys, allocatable } = driver;
  return [
    ...validateDriverName(name, at.child('name')),
    ...validateNodeId(nodeID, at.child('nodeID')),
    ...(allocatable?.count === undefined ? [] : validateNonNegative(allocatable.count, at.child('allocatable', 'count'))),
    ...(all.findIndex((other) => other.name === name) < i ? [duplicate(at.child('name'), name)] : []),
    ...validateTopologyKeys(topologyKeys ?? [], at),
  ];
}

/** Drivers come and go, but what one says of itself stays. */
function validateUpdate({ spec }: CSINode, old: CSINode, features: Features): FieldError[] {
  const fixed = features.get('MutableCSINodeAllocatableCount') ? withoutAllocatable : (driver: Driver) => driver;
  return (spec.drivers ?? []).flatMap((driver) => {
    const before = old.spec.drivers?.find(({ name }) => name === driver.name);
    const changed = before !== undefined && !semanticallyEqual(fixed(driver), fixed(before));
    return changed ? [invalidField(driversPath, internalForm('storage.v1.CSINodeDriver', fixed(driver)), 'field is immutable')] : [];
  });
}

function withoutAllocatable({ allocatable: _, ...driver }: Driver): Driver {
  return driver;
}

export function validateCsiNode(node: CSINode, old: CSINode | undefined, { features }: Pick<WriteContext, 'features'>): FieldError[] {
  const findings = (node.spec.drivers ?? []).flatMap(validateDriver);
  return [...repeatedOnUpdate(findings, old), ...(old === undefined ? [] : validateUpdate(node, old, features))];
}

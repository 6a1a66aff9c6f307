import {
  dns1123Label,
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  invalidField,
  Quantity,
  required,
  validateObjectSelector,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateForm, validateOptionalForm } from '../../validation/names.js';
import { validateRequired } from '../../validation/required-fields.js';
import { validateAccessModeNames, validateVolumeMode } from './volume-validation.js';

type ClaimSpec = core.v1.PersistentVolumeClaimSpec;
type DataSource = core.v1.TypedLocalObjectReference | core.v1.TypedObjectReference;

function validateStorage({ resources }: ClaimSpec, at: FieldPath): FieldError[] {
  const storage = resources.requests?.storage;
  const here = at.child('resources').key('storage');
  if (storage === undefined) return [required(here)];
  return Quantity.parse(storage).sign <= 0 ? [invalidField(here, storage, 'must be greater than zero')] : [];
}

function validateDataSource(source: DataSource | undefined, at: FieldPath, anyGroup: boolean): FieldError[] {
  if (source === undefined) return [];
  const { kind, apiGroup } = source;
  const errors = validateRequired(source, at, ['name', 'kind']);
  if (!apiGroup && kind !== 'PersistentVolumeClaim') {
    errors.push(invalidField(at, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  }
  return apiGroup && !anyGroup ? [...errors, ...validateForm(apiGroup, at.child('apiGroup'), dns1123Subdomain)] : errors;
}

/** Messages about the pair of sources show the place where the value would be: as an empty object. */
const shownPlace = {};

function validateSameSource({ dataSource, dataSourceRef }: ClaimSpec, at: FieldPath): FieldError[] {
  if (dataSource === undefined || dataSourceRef === undefined) return [];
  if (dataSourceRef.namespace) return [invalidField(at, shownPlace, 'may not be specified when dataSourceRef.namespace is specified')];
  const isSame = (['apiGroup', 'kind', 'name'] as const).every((field) => dataSource[field] === dataSourceRef[field]);
  return isSame ? [] : [invalidField(at, shownPlace, 'must match dataSourceRef')];
}

/**
 * What a claim, or the template of one, wants. `old` is what it wanted before: a group that its source had is not
 * looked at again.
 */
export function validateClaimSpec(spec: ClaimSpec, at: FieldPath, old?: ClaimSpec): FieldError[] {
  const { accessModes = [], dataSourceRef } = spec;
  const anyGroup = old?.dataSource?.apiGroup !== undefined || old?.dataSourceRef?.apiGroup !== undefined;
  return [
    ...(accessModes.length === 0 ? [required(at.child('accessModes'), 'at least 1 access mode is required')] : []),
    ...validateObjectSelector(spec.selector, at.child('selector')),
    ...validateAccessModeNames(accessModes, at.child('accessModes')),
    ...validateStorage(spec, at),
    ...validateOptionalForm(spec.storageClassName, at.child('storageClassName'), dns1123Subdomain),
    ...validateVolumeMode(spec.volumeMode, at.child('volumeMode')),
    ...validateDataSource(spec.dataSource, at.child('dataSource'), anyGroup),
    ...validateDataSource(dataSourceRef, at.child('dataSourceRef'), anyGroup),
    ...validateOptionalForm(dataSourceRef?.namespace, at.child('dataSourceRef', 'namespace'), dns1123Label),
    ...validateSameSource(spec, at),
    ...validateOptionalForm(spec.volumeAttributesClassName, at.child('volumeAttributesClassName'), dns1123Subdomain),
  ];
}

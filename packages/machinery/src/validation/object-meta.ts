import { type FieldError, forbiddenField, invalidField, required } from '../field/field-error.js';
import { type FieldPath, path as rootPath } from '../field/path.js';
import { dns1123Label, generateNameForm, type NameForm } from '../meta/name-forms.js';
import type { ObjectMeta } from '../meta/object.js';
import { validateAnnotations } from './annotations.js';
import { validateFinalizers, validateNoNewFinalizers, validateStandardFinalizer } from './finalizers.js';
import { validateImmutable } from './immutable.js';
import { validateLabels } from './labels.js';
import { validateManagedFields } from './managed-fields.js';
import { validateOwnerReferences } from './owner-references.js';

/** What kinds differ in. */
export interface ObjectMetaRules {
  readonly namespaced: boolean;
  readonly nameForm: NameForm;
  /** The form of `generateName` when it does not follow from `nameForm`. */
  readonly generateNameForm?: NameForm;
  /** Built-in kinds take finalizers without a prefix only when these are standard ones. */
  readonly standardFinalizers?: boolean;
}

const metadataPath = rootPath('metadata');

/** Checks the metadata of a new object, or of the template of one. */
export function validateObjectMeta(metadata: ObjectMeta, rules: ObjectMetaRules, path: FieldPath = metadataPath): FieldError[] {
  return [
    ...validateNames(metadata, rules, path),
    ...validateNamespace(metadata, rules, path.child('namespace')),
    ...validateNonNegative(metadata.generation ?? 0, path.child('generation')),
    ...validateLabels(metadata.labels, path.child('labels')),
    ...validateAnnotations(metadata.annotations, path.child('annotations')),
    ...validateOwnerReferences(metadata.ownerReferences, path.child('ownerReferences')),
    ...validateFinalizers(metadata.finalizers, path.child('finalizers')),
    ...validateManagedFields(metadata.managedFields, path.child('managedFields')),
    ...(rules.standardFinalizers ? validateStandardFinalizers(metadata, path) : []),
  ];
}

function validateNames({ name = '', generateName = '' }: ObjectMeta, rules: ObjectMetaRules, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (generateName !== '') {
    const form = rules.generateNameForm ?? generateNameForm(rules.nameForm);
    for (const detail of form(generateName)) errors.push(invalidField(path.child('generateName'), generateName, detail));
  }
  if (name === '') errors.push(required(path.child('name'), 'name or generateName is required'));
  else for (const detail of rules.nameForm(name)) errors.push(invalidField(path.child('name'), name, detail));
  return errors;
}

function validateNamespace({ namespace = '' }: ObjectMeta, { namespaced }: ObjectMetaRules, path: FieldPath): FieldError[] {
  if (!namespaced) return namespace === '' ? [] : [forbiddenField(path, 'not allowed on this type')];
  if (namespace === '') return [required(path)];
  return dns1123Label(namespace).map((detail) => invalidField(path, namespace, detail));
}

export function validateStandardFinalizers({ finalizers = [] }: ObjectMeta, path: FieldPath = metadataPath): FieldError[] {
  return finalizers.flatMap((name, i) => validateStandardFinalizer(name, path.child('finalizers').index(i)));
}

export function validateNonNegative(value: number, path: FieldPath): FieldError[] {
  return value < 0 ? [invalidField(path, value, 'must be greater than or equal to 0')] : [];
}

/** Fields that never change, and what they are when absent. */
const immutableFields = [
  ['name', ''],
  ['namespace', ''],
  ['uid', ''],
  ['creationTimestamp', null],
  ['deletionTimestamp', null],
  ['deletionGracePeriodSeconds', null],
] as const;

/**
 * Checks the metadata of an update. System fields that the client left out must have been filled in from the old
 * object before.
 */
export function validateObjectMetaUpdate(metadata: ObjectMeta, old: ObjectMeta, path: FieldPath = metadataPath): FieldError[] {
  return [
    ...validateObjectMetaChange(metadata, old, path),
    ...validateLabels(metadata.labels, path.child('labels')),
    ...validateAnnotations(metadata.annotations, path.child('annotations')),
    ...validateOwnerReferences(metadata.ownerReferences, path.child('ownerReferences')),
    ...validateManagedFields(metadata.managedFields, path.child('managedFields')),
  ];
}

/** What of that is about the change: the rest is what `validateObjectMeta` looks at as well. */
export function validateObjectMetaChange(metadata: ObjectMeta, old: ObjectMeta, path: FieldPath = metadataPath): FieldError[] {
  const errors: FieldError[] = [];
  if (old.deletionTimestamp !== undefined) {
    errors.push(...validateNoNewFinalizers(metadata.finalizers, old.finalizers, path.child('finalizers')));
  }
  if ((metadata.resourceVersion ?? '') === '') {
    errors.push(invalidField(path.child('resourceVersion'), '', 'must be specified for an update'));
  }
  if ((metadata.generation ?? 0) < (old.generation ?? 0)) {
    errors.push(invalidField(path.child('generation'), metadata.generation ?? 0, 'must not be decremented'));
  }
  for (const [field, absent] of immutableFields) {
    errors.push(...validateImmutable(metadata[field] ?? absent, old[field] ?? absent, path.child(field)));
  }
  return errors;
}

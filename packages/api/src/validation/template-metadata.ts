import { type FieldError, type FieldPath, forbiddenField, type ObjectMeta, validateAnnotations, validateLabels } from '@keelson/machinery';

/** Metadata that a template may not set: each object gets its own. */
const ownMetadata = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'ownerReferences',
  'finalizers',
  'managedFields',
] as const;

/** Clients know this one under another name. */
const reportedAs: Readonly<Record<string, string>> = { uid: 'uID' };

/** Metadata of objects that are to be made from a template: only labels and annotations. */
export function validateTemplateMetadata(metadata: ObjectMeta | undefined, at: FieldPath): FieldError[] {
  if (metadata === undefined) return [];
  const set = ownMetadata.filter((field) => metadata[field] !== undefined && metadata[field] !== null);
  return [
    ...validateAnnotations(metadata.annotations, at.child('annotations')),
    ...validateLabels(metadata.labels, at.child('labels')),
    ...set.map((field) => forbiddenField(at.child(reportedAs[field] ?? field), 'cannot be set')),
  ];
}

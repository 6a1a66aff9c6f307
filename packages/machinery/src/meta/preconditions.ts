import type { ObjectMeta } from './object.js';

/** What must hold of the stored object for a write or deletion to happen. */
export interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** Says which precondition of a write an object fails, in the store's words; undefined when it fails none. */
export function failedPrecondition(wanted: Preconditions, metadata: ObjectMeta): string | undefined {
  const { uid = '', resourceVersion = '' } = metadata;
  if (wanted.uid !== undefined && wanted.uid !== uid) {
    return `Precondition failed: UID in precondition: ${wanted.uid}, UID in object meta: ${uid}`;
  }
  if (wanted.resourceVersion !== undefined && wanted.resourceVersion !== resourceVersion) {
    return `Precondition failed: ResourceVersion in precondition: ${wanted.resourceVersion}, ResourceVersion in object meta: ${resourceVersion}`;
  }
  return undefined;
}

/** Says which precondition of a deletion an object fails; undefined when it fails none. */
export function failedDeletePrecondition(wanted: Preconditions, metadata: ObjectMeta): string | undefined {
  const { uid = '', resourceVersion = '' } = metadata;
  if (wanted.uid !== undefined && wanted.uid !== uid) {
    return `the UID in the precondition (${wanted.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
  }
  if (wanted.resourceVersion !== undefined && wanted.resourceVersion !== resourceVersion) {
    return `the ResourceVersion in the precondition (${wanted.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
  }
  return undefined;
}

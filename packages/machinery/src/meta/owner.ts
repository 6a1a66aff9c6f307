import type { ObjectMeta, OwnerReference } from './object.js';

/** The owner that manages this object, when there is one. */
export function controllerOf(metadata: ObjectMeta): OwnerReference | undefined {
  return metadata.ownerReferences?.find((owner) => owner.controller === true);
}

import type { ObjectMeta, OwnerReference } from './object.js';

/** The owner that manages this object, when there is one. */
export function controllerOf(metadata: ObjectMeta): OwnerReference | undefined {
  return metadata.ownerReferences?.find((owner) => owner.controller === true);
}

/** Removes owners that are listed again, and tells their uids. In place. */
export function dropRepeatedOwners(metadata: ObjectMeta): string[] {
  const owners = metadata.ownerReferences ?? [];
  const kept = owners.filter((owner, at) => !owners.slice(0, at).some((one) => sameOwner(one, owner)));
  if (kept.length === owners.length) return [];
  const repeated = owners.filter((owner) => !kept.includes(owner)).map(({ uid }) => uid);
  metadata.ownerReferences = kept;
  return repeated;
}

function sameOwner(a: OwnerReference, b: OwnerReference): boolean {
  return (
    a.uid === b.uid &&
    a.name === b.name &&
    a.kind === b.kind &&
    a.apiVersion === b.apiVersion &&
    a.controller === b.controller &&
    a.blockOwnerDeletion === b.blockOwnerDeletion
  );
}

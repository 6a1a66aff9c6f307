import { quote, semanticallyEqual } from '@keelson/machinery';
import { type core, internalDiff } from '@keelson/schema';
import { refusedWrite } from '../../refused-write.js';
import type { Restriction } from './restriction.js';

type Claim = core.v1.PersistentVolumeClaim;

/** Of a claim a node tells how far it has resized the volume. */
export const restrictClaims: Restriction = (attributes, node) => {
  const { operation, subresource, object, oldObject } = attributes;
  if (subresource !== 'status') throw refusedWrite(attributes, 'may only update PVC status');
  if (operation !== 'UPDATE') throw refusedWrite(attributes, `unexpected operation ${quote(operation)}`);
  const [old, claim] = [withoutResizing(oldObject as Claim), withoutResizing(object as Claim)];
  if (semanticallyEqual(old, claim)) return;
  const diff = internalDiff('core.v1.PersistentVolumeClaim', old, claim);
  throw refusedWrite(
    attributes,
    `node ${quote(node)} is not allowed to update fields other than status.quantity and status.conditions: ${diff}`,
  );
};

function withoutResizing({ metadata, spec, status }: Claim): Claim {
  const { resourceVersion, managedFields, ...kept } = metadata;
  const { capacity, conditions, allocatedResourceStatuses, allocatedResources, ...rest } = status;
  return { metadata: kept, spec, status: rest };
}

import { type AdmissionAttributes, quote, semanticallyEqual } from '@keelson/machinery';
import { type core, isMirrorPod } from '@keelson/schema';
import { refusedWrite } from '../../refused-write.js';
import { apiReferenceOf } from './api-references.js';
import { existingObject } from './existing-object.js';
import type { Restriction, RestrictionContext } from './restriction.js';

type Pod = core.v1.Pod;

/** A node makes mirrors of what it runs by itself, and deletes, evicts and tells the state of what is bound to it. */
export const restrictPods: Restriction = (attributes, node, context) => {
  switch (attributes.subresource) {
    case '':
      return restrictPod(attributes, node, context);
    case 'status':
      return restrictStatus(attributes, node);
    case 'eviction':
      return restrictEviction(attributes, node, context);
    default:
      throw refusedWrite(
        attributes,
        `unexpected pod subresource ${quote(attributes.subresource)}, only 'status' and 'eviction' are allowed`,
      );
  }
};

function restrictPod(attributes: AdmissionAttributes, node: string, context: RestrictionContext): Promise<void> | void {
  const { operation, object, oldObject } = attributes;
  if (operation === 'CREATE') return restrictCreation(attributes, object as Pod, node, context);
  if (operation !== 'DELETE')
    throw refusedWrite(attributes, `unexpected operation ${quote(operation)}, node ${quote(node)} can only create and delete mirror pods`);
  if ((oldObject as Pod | undefined)?.spec.nodeName !== node)
    throw refusedWrite(attributes, `node ${quote(node)} can only delete pods with spec.nodeName set to itself`);
}

async function restrictCreation(attributes: AdmissionAttributes, pod: Pod, node: string, context: RestrictionContext): Promise<void> {
  const refuse = (why: string) => refusedWrite(attributes, why);
  if (!isMirrorPod(pod))
    throw refuse(`pod does not have "kubernetes.io/config.mirror" annotation, node ${quote(node)} can only create mirror pods`);
  if (pod.spec.nodeName !== node) throw refuse(`node ${quote(node)} can only create pods with spec.nodeName set to itself`);
  const why = problemOfOwners(pod, node);
  if (why !== undefined) throw refuse(`node ${quote(node)} ${why}`);
  const uid = pod.metadata.ownerReferences?.[0]?.uid;
  const { metadata } = await existingObject(context.nodes, 'node', '', node);
  if (uid !== metadata.uid) throw refuse(`node ${node} UID mismatch: expected ${uid} got ${metadata.uid}`);
  const reference = referenceOf(attributes, pod);
  if (reference !== undefined) throw refuse(`node ${quote(node)} can not create pods that reference ${reference}`);
}

/** A mirror is owned by its node, so that it goes with it. */
function problemOfOwners({ metadata: { ownerReferences = [] } }: Pod, node: string): string | undefined {
  const [owner, another] = ownerReferences;
  if (another !== undefined) return 'can only create pods with a single owner reference set to itself';
  if (owner === undefined || owner.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node)
    return 'can only create pods with an owner reference set to itself';
  if (!owner.controller) return 'can only create pods with a controller owner reference set to itself';
  return owner.blockOwnerDeletion ? 'must not set blockOwnerDeletion on an owner reference' : undefined;
}

function referenceOf(attributes: AdmissionAttributes, pod: Pod): string | undefined {
  try {
    return apiReferenceOf(pod);
  } catch (error) {
    throw refusedWrite(attributes, `error checking mirror pod for API references: ${(error as Error).message}`);
  }
}

function restrictStatus(attributes: AdmissionAttributes, node: string): void {
  const refuse = (why: string) => refusedWrite(attributes, `node ${quote(node)} ${why}`);
  if (attributes.operation !== 'UPDATE') throw refusedWrite(attributes, `unexpected operation ${quote(attributes.operation)}`);
  const old = attributes.oldObject as Pod;
  const pod = attributes.object as Pod;
  if (old.spec.nodeName !== node) throw refuse('can only update pod status for pods with spec.nodeName set to itself');
  if (!semanticallyEqual(old.metadata.labels ?? {}, pod.metadata.labels ?? {})) throw refuse('cannot update labels through pod status');
  if (!semanticallyEqual(old.status.resourceClaimStatuses ?? [], pod.status.resourceClaimStatuses ?? []))
    throw refuse('cannot update resource claim statues');
  if (!semanticallyEqual(old.status.extendedResourceClaimStatus ?? null, pod.status.extendedResourceClaimStatus ?? null))
    throw refuse('cannot update extended resource claim status');
}

async function restrictEviction(attributes: AdmissionAttributes, node: string, context: RestrictionContext): Promise<void> {
  const { operation, namespace, object } = attributes;
  if (operation !== 'CREATE') throw refusedWrite(attributes, `unexpected operation ${operation}`);
  const name = attributes.name || object?.metadata.name;
  if (!name) throw refusedWrite(attributes, 'could not determine pod from request data');
  const pod = await existingObject(context.pods, 'pod', namespace, name);
  if (pod.spec.nodeName !== node) throw refusedWrite(attributes, `node ${node} can only evict pods with spec.nodeName set to itself`);
}

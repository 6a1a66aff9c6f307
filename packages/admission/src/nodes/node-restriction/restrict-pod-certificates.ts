import { ApiError, quote } from '@keelson/machinery';
import { type certificates, isMirrorPod } from '@keelson/schema';
import { refusedWrite } from '../../refused-write.js';
import { existingObject } from './existing-object.js';
import type { Restriction } from './restriction.js';

type Request = certificates.v1alpha1.PodCertificateRequest;

/**
 * A node asks for certificates of pods that run on it (KEP-4317). What a cache that is behind could be the reason for is
 * not refused for good: it fails with 500, and may be tried again.
 */
export const restrictPodCertificates: Restriction = async (attributes, node, context) => {
  const { operation, subresource, namespace, object } = attributes;
  const refuse = (why: string) => refusedWrite(attributes, why);
  if (operation !== 'CREATE') throw refuse(`unexpected operation ${operation}`);
  if (subresource !== '') throw refuse(`unexpected subresource ${subresource}`);
  const { spec } = object as Request;
  const podKey = quote(`${namespace}/${spec.podName}`);
  const forPod = `PodCertificateRequest for pod ${podKey}`;
  if (spec.nodeName !== node)
    throw refuse(`PodCertificateRequest.Spec.NodeName=${quote(spec.nodeName)}, which is not the requesting node ${quote(node)}`);
  const named = async <T>(what: string, found: Promise<T>): Promise<T> => {
    try {
      return await found;
    } catch (error) {
      throw retry(`while retrieving ${what} named in the PodCertificateRequest: ${(error as Error).message}`);
    }
  };
  const { metadata: nodeMetadata } = await named(`node ${quote(node)}`, existingObject(context.nodes, 'node', '', node));
  if (nodeMetadata.uid !== spec.nodeUID)
    throw retry(`${forPod} names node UID ${quote(spec.nodeUID)}, inconsistent with the running node (${quote(nodeMetadata.uid ?? '')})`);
  const pod = await named(`pod ${podKey}`, existingObject(context.pods, 'pod', namespace, spec.podName));
  if (pod.metadata.uid !== spec.podUID)
    throw retry(`${forPod} contains pod UID (${quote(spec.podUID)}) which differs from running pod ${quote(pod.metadata.uid ?? '')}`);
  if (pod.spec.nodeName !== node) throw refuse(`pod ${podKey} is not running on node ${quote(node)} named in the PodCertificateRequest`);
  if (isMirrorPod(pod)) throw refuse(`pod ${podKey} is a mirror pod`);
  const { serviceAccountName = '' } = pod.spec;
  if (spec.serviceAccountName !== serviceAccountName)
    throw refuse(
      `${forPod} contains serviceAccountName (${quote(spec.serviceAccountName)}) that differs from running pod (${quote(serviceAccountName)})`,
    );
  const account = await named(
    `service account ${quote(`${namespace}/${serviceAccountName}`)}`,
    existingObject(context.serviceAccounts, 'serviceaccount', namespace, serviceAccountName),
  );
  if (account.metadata.uid !== spec.serviceAccountUID)
    throw retry(
      `${forPod} names service account UID ${quote(spec.serviceAccountUID)}, which differs from the running service account (${quote(account.metadata.uid ?? '')})`,
    );
};

function retry(message: string): ApiError {
  return new ApiError(500, '', message);
}

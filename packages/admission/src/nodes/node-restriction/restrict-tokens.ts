import type { AdmissionAttributes } from '@keelson/machinery';
import type { authentication, core } from '@keelson/schema';
import { refusedWrite } from '../../refused-write.js';
import { existingObject } from './existing-object.js';
import type { Restriction } from './restriction.js';
import { requireUsedAudience } from './token-audience.js';

/** A node asks for tokens for pods that run on it, and for audiences that these use. */
export const restrictTokens: Restriction = async (attributes, node, context) => {
  const { operation, subresource, object, namespace } = attributes;
  if (operation !== 'CREATE' || subresource !== 'token') return;
  const { spec } = object as unknown as authentication.v1.TokenRequest;
  const { name, uid } = boundPod(attributes, spec);
  const pod: core.v1.Pod = await existingObject(context.pods, 'pod', namespace, name);
  if (uid !== pod.metadata.uid)
    throw refusedWrite(
      attributes,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  if (pod.spec.nodeName !== node) throw refusedWrite(attributes, 'node requested token bound to a pod scheduled on a different node');
  if (context.features.get('ServiceAccountNodeAudienceRestriction'))
    await requireUsedAudience(attributes, spec.audiences ?? [], pod, context);
};

function boundPod(attributes: AdmissionAttributes, { boundObjectRef }: authentication.v1.TokenRequestSpec): { name: string; uid: string } {
  const { apiVersion, kind, name, uid } = boundObjectRef ?? {};
  if (apiVersion !== 'v1' || kind !== 'Pod' || !name) throw refusedWrite(attributes, 'node requested token not bound to a pod');
  if (!uid) throw refusedWrite(attributes, 'node requested token with a pod binding without a uid');
  return { name, uid };
}

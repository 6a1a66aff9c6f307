import { type AdmissionAttributes, type AdmissionPlugin, type KubeObject, type SignerAccess, semanticallyEqual } from '@keelson/machinery';
import type { certificates } from '@keelson/schema';
import { onCreateAndUpdate } from '../operations.js';
import { refusedWrite } from '../refused-write.js';

/** Bundles of trust for a signer are written by those who may attest for it. */
export class ClusterTrustBundleAttest implements AdmissionPlugin {
  readonly name = 'ClusterTrustBundleAttest';
  readonly handles = onCreateAndUpdate;
  readonly resources = ['clustertrustbundles.certificates.k8s.io'];
  readonly #signers: SignerAccess;

  constructor(signers: SignerAccess) {
    this.#signers = signers;
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const { resource, object, oldObject, user } = attributes;
    if (resource.group !== 'certificates.k8s.io' || resource.resource !== 'clustertrustbundles' || object === undefined) return;
    const { signerName = '' } = (object as certificates.v1beta1.ClusterTrustBundle).spec;
    if (signerName === '' || (oldObject !== undefined && saysTheSame(object, oldObject))) return;
    if (!(await this.#signers.allows(user, 'attest', signerName)))
      throw refusedWrite(attributes, `user not permitted to attest for signerName ${JSON.stringify(signerName)}`);
  }
}

/** What garbage collection and storage migration write may be written by them. */
function saysTheSame(object: KubeObject, old: KubeObject): boolean {
  const { ownerReferences, finalizers, selfLink, managedFields } = old.metadata;
  return semanticallyEqual({ ...object, metadata: { ...object.metadata, ownerReferences, finalizers, selfLink, managedFields } }, old);
}

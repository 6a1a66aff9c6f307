import type { AdmissionAttributes, AdmissionPlugin, SignerAccess } from '@keelson/machinery';
import { onUpdate } from '../operations.js';
import { refusedWrite } from '../refused-write.js';
import { signingRequestOf } from './written-signing-request.js';

/** Requests for certificates are approved by those who may approve for the signer. */
export class CertificateApproval implements AdmissionPlugin {
  readonly name = 'CertificateApproval';
  readonly handles = onUpdate;
  readonly resources = ['certificatesigningrequests.certificates.k8s.io'];
  readonly #signers: SignerAccess;

  constructor(signers: SignerAccess) {
    this.#signers = signers;
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    // The signer is that of the request as it was: an approval cannot change it.
    const request = signingRequestOf(attributes, 'approval', attributes.oldObject);
    if (request === undefined) return;
    const { signerName } = request.spec;
    if (!(await this.#signers.allows(attributes.user, 'approve', signerName)))
      throw refusedWrite(attributes, `user not permitted to approve requests with signerName ${JSON.stringify(signerName)}`);
  }
}

import { type AdmissionAttributes, type AdmissionPlugin, type SignerAccess, semanticallyEqual } from '@keelson/machinery';
import { onUpdate } from '../operations.js';
import { refusedWrite } from '../refused-write.js';
import { signingRequestOf } from './written-signing-request.js';

/** Certificates, and conditions of requests for them, are written by those who may sign for the signer. */
export class CertificateSigning implements AdmissionPlugin {
  readonly name = 'CertificateSigning';
  readonly handles = onUpdate;
  readonly resources = ['certificatesigningrequests.certificates.k8s.io'];
  readonly #signers: SignerAccess;

  constructor(signers: SignerAccess) {
    this.#signers = signers;
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const request = signingRequestOf(attributes, 'status', attributes.object);
    const old = signingRequestOf(attributes, 'status', attributes.oldObject);
    if (request === undefined || old === undefined) return;
    const { certificate, conditions } = old.status;
    if (request.status.certificate === certificate && semanticallyEqual(request.status.conditions, conditions)) return;
    const { signerName } = old.spec;
    if (!(await this.#signers.allows(attributes.user, 'sign', signerName)))
      throw refusedWrite(attributes, `user not permitted to sign requests with signerName ${JSON.stringify(signerName)}`);
  }
}

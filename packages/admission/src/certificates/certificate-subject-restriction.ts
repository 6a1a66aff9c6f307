import { type AdmissionAttributes, type AdmissionPlugin, readCertificateRequest } from '@keelson/machinery';
import { onCreate } from '../operations.js';
import { refusedWrite } from '../refused-write.js';
import { signingRequestOf } from './written-signing-request.js';

const CLIENT_SIGNER = 'kubernetes.io/kube-apiserver-client';

/** Nobody becomes a master by a certificate that was asked for through the API. */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  handles: onCreate,
  resources: ['certificatesigningrequests.certificates.k8s.io'],
  validate(attributes: AdmissionAttributes): void {
    const request = signingRequestOf(attributes, '', attributes.object);
    if (request?.spec.signerName !== CLIENT_SIGNER) return;
    const asked = readCertificateRequest(Buffer.from(request.spec.request ?? '', 'base64').toString());
    if (asked === undefined) throw refusedWrite(attributes, 'failed to parse CSR: PEM block type must be CERTIFICATE REQUEST');
    if (asked.organizations.includes('system:masters'))
      throw refusedWrite(attributes, `use of ${CLIENT_SIGNER} signer with system:masters group is not allowed`);
  },
};

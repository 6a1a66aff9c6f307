import type { AdmissionAttributes, KubeObject } from '@keelson/machinery';
import type { certificates } from '@keelson/schema';

type SigningRequest = certificates.v1.CertificateSigningRequest;

/** The written object as a request for a certificate; undefined when it is something else, or another part of it. */
export function signingRequestOf(
  { resource, subresource }: AdmissionAttributes,
  part: string,
  object: KubeObject | undefined,
): SigningRequest | undefined {
  const isRequest = resource.group === 'certificates.k8s.io' && resource.resource === 'certificatesigningrequests';
  return isRequest && subresource === part ? (object as SigningRequest | undefined) : undefined;
}

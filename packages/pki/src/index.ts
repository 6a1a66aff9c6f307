export { altNames, firstServiceIp } from './alt-names.js';
export type { AuthoritySpec, CertificateSpec, ExtendedUsage, LeafSpec, SubjectAltNames } from './certificate-spec.js';
export { newPrivateKey, newRsaKey, publicKeyOf } from './key-pair.js';
export { authorityLifetimeMs, type CertificateRequest, leafLifetimeMs, signCertificate } from './sign-certificate.js';

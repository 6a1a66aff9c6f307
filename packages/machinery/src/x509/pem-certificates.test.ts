import { expect, it } from 'vitest';
import { pemCertificates } from './pem-certificates.js';

it('needs a certificate that can be read', () => {
  expect(() => pemCertificates('# none\n')).toThrow(new Error('data does not contain any valid RSA or ECDSA certificates'));
  expect(() => pemCertificates('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')).toThrow();
});

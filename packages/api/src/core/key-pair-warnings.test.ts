import { expect, it } from 'vitest';
import { keyPairWarnings } from './key-pair-warnings.js';

const pem = (label: string) => `-----BEGIN ${label}-----\nMIIB\n-----END ${label}-----\n`;
const [certificate, key] = [pem('CERTIFICATE'), pem('PRIVATE KEY')];

it.each([
  ['x', 'y', 'tls: failed to find any PEM data in certificate input'],
  [certificate, 'y', 'tls: failed to find any PEM data in key input'],
  [
    key,
    key,
    'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
  ],
  [certificate, certificate, 'tls: found a certificate rather than a key in the PEM for the private key'],
  [pem('X'), key, 'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [X]'],
  [
    certificate,
    pem('X') + pem('Y'),
    'tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [X Y]',
  ],
])('tells what is missing', (certificatePem, keyPem, problem) => {
  expect(keyPairWarnings(certificatePem, keyPem)).toEqual([problem]);
});

import type { ApiError } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { attributes, failureOf, target } from '../testing/attributes.js';
import { certificateSubjectRestriction } from './certificate-subject-restriction.js';

const client = 'kubernetes.io/kube-apiserver-client';
const requests = target('certificates.k8s.io', 'CertificateSigningRequest', 'certificatesigningrequests');

/** A DER element with a short length. */
const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
};

/** A request for these organizations; of what follows the subject nothing is looked at. */
function pem(...organizations: string[]): string {
  const name = (text: string) => der(0x31, der(0x30, der(0x06, Buffer.from('55040a', 'hex')), der(0x0c, Buffer.from(text))));
  const info = der(0x30, der(0x02, Buffer.from([0])), der(0x30, ...organizations.map(name)), der(0x30), der(0xa0));
  return `-----BEGIN CERTIFICATE REQUEST-----\n${der(0x30, info).toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
}

async function outcome(signerName: string, text: string, subresource = ''): Promise<string> {
  const object = { metadata: { name: 'r' }, spec: { signerName, request: Buffer.from(text).toString('base64') }, status: {} };
  const written = attributes(requests, 'CREATE', object as never, { subresource });
  const error = (await failureOf(() => certificateSubjectRestriction.validate?.(written))) as ApiError | undefined;
  return error?.message ?? 'admitted';
}

const refused = 'certificatesigningrequests.certificates.k8s.io "r" is forbidden:';

describe('CertificateSubjectRestriction', () => {
  it.each([
    [client, pem('devs'), 'admitted'],
    [client, pem(), 'admitted'],
    [client, pem('devs', 'system:masters'), `${refused} use of ${client} signer with system:masters group is not allowed`],
    [`${client}-kubelet`, pem('system:masters'), 'admitted'],
    ['example.com/x', 'nothing', 'admitted'],
    [client, 'nothing', `${refused} failed to parse CSR: PEM block type must be CERTIFICATE REQUEST`],
  ])('%s: %s', async (signer, text, expected) => {
    expect(await outcome(signer, text)).toBe(expected);
  });

  it('has nothing to do with subresources and updates', async () => {
    expect(await outcome(client, pem('system:masters'), 'status')).toBe('admitted');
    expect(certificateSubjectRestriction.handles('UPDATE')).toBe(false);
  });
});

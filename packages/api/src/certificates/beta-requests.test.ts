import { readCertificateRequest } from '@keelson/machinery';
import { certificates } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { betaRequests } from './beta-requests.js';
import { validateSigningRequest, validateSigningRequestUpdate } from './certificate-signing-requests-validation.js';

type Beta = certificates.v1beta1.CertificateSigningRequest;

/** Requests for certificates of one P-256 key. */
const requests = {
  // O=system:nodes, CN=system:node:worker-1
  client:
    'MIHwMIGYAgEAMDYxFTATBgNVBAoMDHN5c3RlbTpub2RlczEdMBsGA1UEAwwUc3lzdGVtOm5vZGU6d29ya2VyLTEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATdf4MCqjvdEHmjGwaG3KildiALil913/jMJcV+KkzZp8Ehl47AZ+u1PWZDzr/9PvcdB8x3tu0B5HuicS3oI2qgoAAwCgYIKoZIzj0EAwIDRwAwRAIgNeT42bqeHrAXEpw4ZhajNMa8aMOi1w/8n3nA48/TpZ4CIHK1c9VHuJgj1Nkqv8D2jFXV02O+Pk96TPYSMGIBfx4k',
  // The same, for DNS:worker-1 and IP:10.0.0.1
  serving:
    'MIIBHjCBxAIBADA2MRUwEwYDVQQKDAxzeXN0ZW06bm9kZXMxHTAbBgNVBAMMFHN5c3RlbTpub2RlOndvcmtlci0xMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3X+DAqo73RB5oxsGhtyopXYgC4pfdd/4zCXFfipM2afBIZeOwGfrtT1mQ86//T73HQfMd7btAeR7onEt6CNqoKAsMCoGCSqGSIb3DQEJDjEdMBswGQYDVR0RBBIwEIIId29ya2VyLTGHBAoAAAEwCgYIKoZIzj0EAwIDSQAwRgIhAIcPPGPXDw8ckQ9mrzQrQMuXBAdoIdgET0qqBx+SFFPdAiEA1NkZ8IUF3ZOZ3IvbhlTm/MODhkZwQcg+p7i6UlxIC0c=',
  // The same, for email:a@example.com
  mail: 'MIIBHTCBwwIBADA2MRUwEwYDVQQKDAxzeXN0ZW06bm9kZXMxHTAbBgNVBAMMFHN5c3RlbTpub2RlOndvcmtlci0xMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3X+DAqo73RB5oxsGhtyopXYgC4pfdd/4zCXFfipM2afBIZeOwGfrtT1mQ86//T73HQfMd7btAeR7onEt6CNqoKArMCkGCSqGSIb3DQEJDjEcMBowGAYDVR0RBBEwD4ENYUBleGFtcGxlLmNvbTAKBggqhkjOPQQDAgNJADBGAiEA+auqMYegPlNAWBwnCkTlHaTDil1Yq8bQHInBCArMX3oCIQDFwvzZT9STh79hM980E4SAQFU3cCtylM9paKTxMVIeEw==',
  // O=devs, CN=alice
  alice:
    'MIHZMIGBAgEAMB8xDTALBgNVBAoMBGRldnMxDjAMBgNVBAMMBWFsaWNlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3X+DAqo73RB5oxsGhtyopXYgC4pfdd/4zCXFfipM2afBIZeOwGfrtT1mQ86//T73HQfMd7btAeR7onEt6CNqoKAAMAoGCCqGSM49BAMCA0cAMEQCIAMOxusWUwtCSi3eYJDkk71AFN6DnbTOwGxk0msgRLgcAiBaNpuCMv4wjoTRd0ACl8mcrBWN2l28fRpJBbyvowTZdg==',
};

function pem(base64: string): string {
  return `-----BEGIN CERTIFICATE REQUEST-----\n${base64}\n-----END CERTIFICATE REQUEST-----\n`;
}

function request(text: string, usages?: string[], others: object = {}): Beta {
  const spec = { request: Buffer.from(text).toString('base64'), ...(usages && { usages }) };
  return certificates.v1beta1.CertificateSigningRequest.codec.fromJson({ metadata: { name: 'r' }, spec, ...others } as never);
}

function defaulted(beta: Beta): Beta {
  betaRequests.defaults(beta);
  return beta;
}

const client = ['digital signature', 'key encipherment', 'client auth'];
const server = ['digital signature', 'key encipherment', 'server auth'];
const legacy = 'kubernetes.io/legacy-unknown';

it('reads what a request asks for', () => {
  expect(readCertificateRequest(pem(requests.serving))).toEqual({
    commonNames: ['system:node:worker-1'],
    organizations: ['system:nodes'],
    alternativeNames: [2, 7],
  });
  expect(readCertificateRequest(pem(requests.client))?.alternativeNames).toEqual([]);
  expect(readCertificateRequest(pem(requests.client.slice(0, 40)))).toBeUndefined();
  expect(readCertificateRequest('no request')).toBeUndefined();
});

describe('the signer, where v1beta1 names none', () => {
  it.each<[string, string, string[] | undefined, string]>([
    ["a kubelet's client certificate", requests.client, client, 'kubernetes.io/kube-apiserver-client-kubelet'],
    ['one of an elliptic curve', requests.client, ['digital signature', 'client auth'], 'kubernetes.io/kube-apiserver-client-kubelet'],
    ["a kubelet's serving certificate", requests.serving, server, 'kubernetes.io/kubelet-serving'],
    ['a client certificate with names', requests.serving, client, legacy],
    ['a serving certificate without names', requests.client, server, legacy],
    ['other names', requests.mail, server, legacy],
    ['more usages', requests.client, [...client, 'any'], legacy],
    ['no usages', requests.client, undefined, legacy],
    ['somebody else', requests.alice, client, legacy],
    ['what cannot be read', 'AAAA', client, legacy],
  ])('of %s', (_, base64, usages, signer) => {
    expect(defaulted(request(pem(base64), usages)).spec.signerName).toBe(signer);
  });

  it('stays as it was named', () => {
    const beta = request(pem(requests.client), client);
    beta.spec.signerName = 'example.com/mine';
    expect(defaulted(beta).spec.signerName).toBe('example.com/mine');
  });
});

it('takes usages and conditions to say what they said then', () => {
  const conditions = [{ type: 'Approved', reason: 'R' }];
  const { spec, status } = defaulted(request(pem(requests.alice), undefined, { status: { conditions } }));
  expect(spec.usages).toEqual(['digital signature', 'key encipherment']);
  expect(status.conditions).toMatchObject([{ type: 'Approved', status: 'True' }]);
});

describe('validation', () => {
  const beta = betaRequests.toHub(defaulted(request(pem(requests.alice), ['any', 'any', 'mine'])));
  const certified = { ...beta, status: { certificate: 'AA==' } };
  const recertified = {
    ...beta,
    status: {
      certificate: 'BB==',
      conditions: [
        { type: '', status: 'True' },
        { type: '', status: 'True' },
      ],
    },
  };

  it('asks less of v1beta1', () => {
    const context = { apiVersion: 'certificates.k8s.io/v1beta1' };
    expect(validateSigningRequest(beta, context)).toEqual([]);
    expect(validateSigningRequestUpdate(recertified as never, certified as never, 'status', context)).toEqual([]);
  });

  it('asks it of v1', () => {
    const context = { apiVersion: 'certificates.k8s.io/v1' };
    expect(validateSigningRequest(beta, context).map(({ field }) => field)).toEqual([
      'spec.usages[1]',
      'spec.usages[2]',
      'spec.signerName',
    ]);
    expect(validateSigningRequestUpdate(recertified as never, certified as never, 'status', context).map(({ field }) => field)).toEqual([
      'status.conditions[0].type',
      'status.conditions[1].type',
      'status.conditions[1].type',
      'status.certificate',
    ]);
  });
});

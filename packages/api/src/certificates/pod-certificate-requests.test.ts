import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type KubeObject, SignerAccess } from '@keelson/machinery';
import { certificates } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { problemsOf } from '../testing/problems-of.js';
import { createPodCertificateRequests } from './pod-certificate-requests.js';

type Request = certificates.v1alpha1.PodCertificateRequest;

const podCertificateRequests = createPodCertificateRequests();

/** Key of a pod with the uid `pod-uid`, its signature of that, and certificates for it: of a day, and of half an hour. */
const pkixPublicKey =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYambspPzsKWgsBClO7FuvRfUyRBJgL5AKkQAQLbRPmJy2hnallU9vNY+QKjfYrND0v5yVIzVXf8pLBeCYzcOcA==';
const proofOfPossession = 'MEUCIQCT08t72CRhDtZhpQcHMAOkH2axi2M/zkW6CZloBQ6mMgIgFxgxL3CSqRsadT3UI2yCOU813+3q8V42eaeO+38lHZQ=';
const forADay = `-----BEGIN CERTIFICATE-----
MIIBDDCBs6ADAgECAgEBMAoGCCqGSM49BAMCMA4xDDAKBgNVBAMTA3BvZDAeFw0y
NjAxMDEwMDAwMDBaFw0yNjAxMDIwMDAwMDBaMA4xDDAKBgNVBAMTA3BvZDBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABGGpm7KT87CloLAQpTuxbr0X1MkQSYC+QCpE
AEC20T5ictoZ2pZVPbzWPkCo32KzQ9L+clSM1V3/KSwXgmM3DnCjAjAAMAoGCCqG
SM49BAMCA0gAMEUCIAI2JmOH4SSn/0iGGROEJOA9rFG4s6fWiJSlqOXhi8IGAiEA
z4f7msqh+79oRnXe32UmBEij8Mtq1kgpKlwIKk6HQgQ=
-----END CERTIFICATE-----
`;
const forHalfAnHour = `-----BEGIN CERTIFICATE-----
MIIBCzCBs6ADAgECAgEBMAoGCCqGSM49BAMCMA4xDDAKBgNVBAMTA3BvZDAeFw0y
NjAxMDEwMDAwMDBaFw0yNjAxMDEwMDMwMDBaMA4xDDAKBgNVBAMTA3BvZDBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABGGpm7KT87CloLAQpTuxbr0X1MkQSYC+QCpE
AEC20T5ictoZ2pZVPbzWPkCo32KzQ9L+clSM1V3/KSwXgmM3DnCjAjAAMAoGCCqG
SM49BAMCA0cAMEQCIHCiH0ggpuQRDENHpoYZT8zlu6ArfY37rsdpSbBdI7eZAiAX
CRMLUmhQ5x8DySNNXzQrZDOzfgpGUw/324SsNVnX6Q==
-----END CERTIFICATE-----
`;

const spec = {
  signerName: 'example.com/signer',
  podName: 'p',
  podUID: 'pod-uid',
  serviceAccountName: 'default',
  serviceAccountUID: 'sa-uid',
  nodeName: 'n',
  nodeUID: 'node-uid',
  maxExpirationSeconds: 86_400,
  pkixPublicKey,
  proofOfPossession,
};

function problems(changes: object): string[] {
  return problemsOf(podCertificateRequests, { spec: { ...spec, ...changes } });
}

function keyOf(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).toString('base64');
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64');
}

describe('requests for certificates of pods', () => {
  it('are taken with the proof that the key is there, of each kind of key', () => {
    const podUID = Buffer.from('pod-uid');
    const edwards = generateKeyPairSync('ed25519');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 3072 });
    expect(problems({})).toEqual([]);
    expect(
      problems({ pkixPublicKey: keyOf(edwards.publicKey), proofOfPossession: base64(sign(null, podUID, edwards.privateKey)) }),
    ).toEqual([]);
    const proof = sign('sha256', podUID, { key: rsa.privateKey, padding: 6 });
    expect(problems({ pkixPublicKey: keyOf(rsa.publicKey), proofOfPossession: base64(proof) })).toEqual([]);
  });

  const unproven = 'spec.proofOfPossession: Invalid value: could not verify proof-of-possession signature';
  it.each([
    [{ podUID: 'other' }, [unproven]],
    [{ proofOfPossession: undefined }, [unproven]],
    [{ podUID: '' }, ['spec.podUID: Invalid value: "": must not be empty', unproven]],
    [{ nodeUID: 'u'.repeat(129) }, ['spec.nodeUID: Too long: may not be more than 128 bytes']],
    [{ maxExpirationSeconds: 60 }, ['spec.maxExpirationSeconds: Invalid value: 60: must be in the range [3600, 7862400]']],
    [
      { signerName: 'kubernetes.io/kube-apiserver-client-pod', maxExpirationSeconds: 90_000 },
      ['spec.maxExpirationSeconds: Invalid value: 90000: must be in the range [3600, 86400]'],
    ],
    [{ pkixPublicKey: 'AAAA' }, ['spec.pkixPublicKey: Invalid value: "AAAA": must be a valid PKIX-serialized public key']],
    [{ pkixPublicKey: base64(Buffer.alloc(10_241)) }, ['spec.pkixPublicKey: Too long: may not be more than 10240 bytes']],
    [
      { pkixPublicKey: keyOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey) },
      ['spec.pkixPublicKey: Invalid value: "2048-bit modulus": RSA keys must have modulus size 3072 or 4096'],
    ],
    [
      { pkixPublicKey: keyOf(generateKeyPairSync('ec', { namedCurve: 'secp224r1' }).publicKey) },
      ['spec.pkixPublicKey: Invalid value: "curve P-224": elliptic public keys must use curve P256 or P384'],
    ],
    [
      { pkixPublicKey: keyOf(generateKeyPairSync('x25519').publicKey) },
      [expect.stringMatching(/: unknown public key type; supported types are Ed25519, ECDSA, and RSA$/)],
    ],
  ])('are refused: %j', (changes, expected) => {
    expect(problems(changes)).toEqual(expected);
  });

  it('are never changed', () => {
    const changed = problemsOf(podCertificateRequests, { spec: { ...spec, podName: 'q' } }, { spec });
    expect(changed).toEqual([
      expect.stringMatching(/^spec: Invalid value: {"SignerName":"example.com\/signer","PodName":"q",.*}: field is immutable$/),
    ]);
  });
});

describe('answers to them', () => {
  const now = '2026-01-01T00:01:00Z';
  const times = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2026-01-02T00:00:00Z', beginRefreshAt: '2026-01-01T12:00:00Z' };
  const condition = (type: string, status = 'True') => ({ type, status, reason: 'R', message: 'm', lastTransitionTime: now });
  const issued = { conditions: [condition('Issued')], certificateChain: forADay, ...times };

  function request(status: object): Request {
    const json = { metadata: { name: 'r' }, spec, status } as never;
    return certificates.v1alpha1.PodCertificateRequest.codec.fromJson(json);
  }

  function answered(status: object, old: object = {}, at = now): string[] {
    const subresource = podCertificateRequests.definition.subresources?.status;
    if (subresource?.type !== 'part') throw new Error('no status');
    const [written, before] = [request(status), request(old)];
    const context = { now: at } as never;
    subresource.prepareForUpdate(written as KubeObject as never, before as KubeObject as never, context);
    return (subresource.validate?.(written as KubeObject as never, before as KubeObject as never, context) ?? []).map(String);
  }

  /** What is found where the user may sign for these signers alone. */
  async function answeredFor(signers: string[], status: object, old: object = {}): Promise<string[] | undefined> {
    const authorizer = {
      authorize: ({ verb, name }: { verb: string; name: string }) =>
        ({ decision: verb === 'sign' && signers.includes(name) ? 'allow' : 'noOpinion' }) as const,
    };
    const access = new SignerAccess(authorizer, {} as never);
    const subresource = createPodCertificateRequests(access).definition.subresources?.status;
    if (subresource?.type !== 'part') throw new Error('no status');
    const context = { now, user: { name: 'alice', groups: [] } } as never;
    const [written, before] = [request(status) as never, request(old) as never];
    subresource.prepareForUpdate(written, before, context);
    return (await subresource.validateAgainstOthers?.(written, before, context))?.map(String);
  }

  it('are taken from who may sign for the signer, or for all of its domain', async () => {
    const denied = { conditions: [condition('Denied')] };
    const forbidden = 'spec.signerName: Forbidden: User "alice" is not permitted to "sign" for signer "example.com/signer"';
    expect(await answeredFor([], denied)).toEqual([forbidden]);
    expect(await answeredFor(['example.com/other'], denied)).toEqual([forbidden]);
    expect(await answeredFor(['example.com/signer'], denied)).toEqual([]);
    expect(await answeredFor(['example.com/*'], denied)).toEqual([]);
    expect(await answeredFor([], {})).toEqual([]);
    // What is wrong in itself is said first.
    expect(await answeredFor([], { conditions: [condition('Denied'), condition('Failed')] })).toEqual([]);
  });

  it('are certificates for the key, or why there are none', () => {
    expect(answered(issued)).toEqual([]);
    expect(answered({ conditions: [condition('Denied')] })).toEqual([]);
    expect(answered(issued, { ...issued, conditions: [condition('Issued')] })).toEqual([]);
  });

  const final = 'status: Invalid value: immutable after PodCertificateRequest is issued, denied, or failed';
  it.each([
    [{ ...times }, {}, ['status: Invalid value: status is immutable unless transitioning to "Issued", "Denied", or "Failed"']],
    [
      { ...issued, conditions: [condition('Failed')] },
      {},
      ['status: Invalid value: non-condition status fields must be empty when denying or failing the PodCertificateRequest'],
    ],
    [{ ...issued, beginRefreshAt: '2026-01-01T13:00:00Z' }, issued, [final]],
    [
      { conditions: [condition('Issued', 'False'), condition('Denied'), condition('Mine')] },
      {},
      [
        'status.conditions.[0].status: Unsupported value: "False": supported values: "True"',
        'status.conditions.[1].type: Invalid value: "Denied": There may be at most one condition with type "Issued", "Denied", or "Failed"',
        'status.conditions.[2].type: Unsupported value: "Mine": supported values: "Issued", "Denied", "Failed"',
      ],
    ],
    [{ ...issued, certificateChain: '' }, {}, [expect.stringMatching(/issued certificate chain must contain at least one certificate$/)]],
    [
      { conditions: issued.conditions, certificateChain: forADay, notBefore: times.notBefore },
      {},
      [
        'status.notAfter: Required value: must be present and consistent with the issued certificate',
        'status.beginRefreshAt: Required value: must be present and in the range [notbefore+10min, notafter-10min]',
      ],
    ],
    [
      { ...issued, certificateChain: forHalfAnHour, notAfter: '2026-01-01T00:30:00Z' },
      {},
      ['status.certificateChain: Invalid value: 1800000000000: leaf certificate lifetime must be >= 1 hour'],
    ],
    [
      { ...issued, beginRefreshAt: '2026-01-01T00:09:59Z' },
      {},
      ['status.beginRefreshAt: Invalid value: "2026-01-01T00:09:59Z": must be at least 10 minutes after status.notBefore'],
    ],
    [
      { ...issued, certificateChain: `${forADay}${forADay.replaceAll('CERTIFICATE', 'KEY')}` },
      {},
      [expect.stringMatching(/issued certificate chain must consist entirely of CERTFICATE PEM blocks$/)],
    ],
  ])('are refused (%#)', (status, old, expected) => {
    expect(answered(status, old)).toEqual(expected);
  });

  it('come from signers whose clock is right', () => {
    expect(answered(issued, {}, '2026-01-01T00:05:00Z')).toEqual([
      `status.notBefore: Invalid value: "2026-01-01T00:00:00Z": must be set to within 5 minutes of kube-apiserver's current time`,
    ]);
  });
});

import { type CertificateRequest, readCertificateRequest } from '@keelson/machinery';
import type { certificates } from '@keelson/schema';
import { legacySigner } from './signer-names.js';

type Beta = certificates.v1beta1.CertificateSigningRequest;
type Request = certificates.v1.CertificateSigningRequest;

/** General names of RFC 5280. */
const dnsName = 2;
const ipAddress = 7;

function isOfKubelet({ commonNames, organizations }: CertificateRequest): boolean {
  const [name = ''] = commonNames.slice(-1);
  return organizations.length === 1 && organizations[0] === 'system:nodes' && name.startsWith('system:node:');
}

/** Exactly the usages of a kubelet: encipherment of keys is for those of RSA only. */
function areFor(purpose: string, usages: readonly string[]): boolean {
  const others = new Set(usages);
  const asked = others.delete(purpose) && others.delete('digital signature');
  others.delete('key encipherment');
  return asked && others.size === 0;
}

/** The signer that a kubelet's request is for, by what it asks; else the one that signs whatever was signed before there were names. */
function signerOf({ request, usages = [] }: Beta['spec']): string {
  const asked = readCertificateRequest(Buffer.from(request ?? '', 'base64').toString('latin1'));
  if (asked === undefined || !isOfKubelet(asked)) return legacySigner;
  const names = asked.alternativeNames;
  if (names.length === 0 && areFor('client auth', usages)) return 'kubernetes.io/kube-apiserver-client-kubelet';
  const serves = names.length > 0 && names.every((kind) => kind === dnsName || kind === ipAddress);
  return serves && areFor('server auth', usages) ? 'kubernetes.io/kubelet-serving' : legacySigner;
}

export const betaRequests = {
  defaults({ spec, status }: Beta): void {
    spec.usages ??= ['digital signature', 'key encipherment'];
    spec.signerName ??= signerOf(spec);
    for (const condition of status.conditions ?? []) condition.status ||= 'True';
  },
  toHub: ({ spec, ...request }: Beta): Request => ({ ...request, spec: { ...spec, signerName: spec.signerName ?? '' } }),
  fromHub: (request: Request): Beta => request as Beta,
};

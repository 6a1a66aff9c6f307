import type { X509Certificate } from 'node:crypto';
import { certificateOf, type FieldError, invalidField, type PemBlock, path, pemBlocks, required, tooLong } from '@keelson/machinery';
import type { certificates } from '@keelson/schema';
import { requestedKey } from './requested-key.js';

type Request = certificates.v1alpha1.PodCertificateRequest;

const status = path('status');
const chainPath = status.child('certificateChain');
const maxChainBytes = 100 * 1024;
const minuteMs = 60_000;
const minLifetimeMs = 60 * minuteMs;
/** How far the signer's clock may be from this server's. */
const maxSkewMs = 5 * minuteMs;
/** A certificate is renewed while it is valid, some time after it became so. */
const refreshMarginMs = 10 * minuteMs;

function firstOf(...problems: readonly (FieldError | undefined)[]): FieldError | undefined {
  return problems.find((problem) => problem !== undefined);
}

function blockProblem(block: PemBlock | undefined, chain: string): FieldError | undefined {
  if (block === undefined) return invalidField(chainPath, chain, 'issued certificate chain must contain at least one certificate');
  if (block.label === 'CERTIFICATE') return undefined;
  return invalidField(chainPath, chain, 'issued certificate chain must consist entirely of CERTIFICATE PEM blocks');
}

function keyProblem(leaf: X509Certificate, { spec, status: { certificateChain = '' } }: Request): FieldError | undefined {
  const wanted = requestedKey(spec.pkixPublicKey ?? '');
  if (wanted === undefined) {
    return invalidField(path('spec', 'pkixPublicKey'), spec.pkixPublicKey, 'must be a valid PKIX-serialized public key');
  }
  if (leaf.publicKey.equals(wanted)) return undefined;
  return invalidField(chainPath, certificateChain, 'leaf certificate was not issued to the requested public key');
}

function absentTimes({ status: { notBefore, notAfter, beginRefreshAt } }: Request): FieldError[] {
  const consistent = 'must be present and consistent with the issued certificate';
  return [
    ...(notBefore ? [] : [required(status.child('notBefore'), consistent)]),
    ...(notAfter ? [] : [required(status.child('notAfter'), consistent)]),
    ...(beginRefreshAt
      ? []
      : [required(status.child('beginRefreshAt'), 'must be present and in the range [notbefore+10min, notafter-10min]')]),
  ];
}

function validityProblem(leaf: X509Certificate, request: Request, nowMs: number): FieldError | undefined {
  const { notBefore, notAfter } = request.status;
  const [from, to] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)];
  const at = status.child('notBefore');
  if (Date.parse(notBefore ?? '') !== from) {
    return invalidField(at, notBefore, 'must be set to the NotBefore time encoded in the leaf certificate');
  }
  if (Math.abs(from - nowMs) >= maxSkewMs) {
    return invalidField(at, notBefore, "must be set to within 5 minutes of kube-apiserver's current time");
  }
  if (Date.parse(notAfter ?? '') !== to) {
    return invalidField(status.child('notAfter'), notAfter, 'must be set to the NotAfter time encoded in the leaf certificate');
  }
  return lifetimeProblem(to - from, request);
}

/** Lifetimes are told in nanoseconds. */
function lifetimeProblem(ms: number, { spec: { maxExpirationSeconds = 0 } }: Request): FieldError | undefined {
  const shown = BigInt(ms) * 1_000_000n;
  if (ms < minLifetimeMs) return invalidField(chainPath, shown, 'leaf certificate lifetime must be >= 1 hour');
  if (ms <= maxExpirationSeconds * 1000) return undefined;
  return invalidField(chainPath, shown, `leaf certificate lifetime must be <= spec.maxExpirationSeconds (${maxExpirationSeconds})`);
}

function refreshProblem({ status: { notBefore, notAfter, beginRefreshAt } }: Request): FieldError | undefined {
  const at = status.child('beginRefreshAt');
  const [from, to, refresh] = [notBefore, notAfter, beginRefreshAt].map((time) => Date.parse(time ?? '')) as [number, number, number];
  if (refresh < from + refreshMarginMs) return invalidField(at, beginRefreshAt, 'must be at least 10 minutes after status.notBefore');
  if (refresh > to - refreshMarginMs) return invalidField(at, beginRefreshAt, 'must be at least 10 minutes before status.notAfter');
  return undefined;
}

function issuersProblem(blocks: readonly PemBlock[], chain: string): FieldError | undefined {
  for (const block of blocks) {
    // The missing letter is Kubernetes' own.
    if (block.label !== 'CERTIFICATE') {
      return invalidField(chainPath, chain, 'issued certificate chain must consist entirely of CERTFICATE PEM blocks');
    }
    if (certificateOf(block) === undefined) {
      return invalidField(chainPath, chain, 'intermediate certificate does not parse as valid X.509');
    }
  }
  return undefined;
}

/** What is wrong with the certificate chain that answers a request; `nowMs` is the time of this server. */
export function validateIssuedChain(request: Request, nowMs: number): FieldError[] {
  const { certificateChain: chain = '' } = request.status;
  if (Buffer.byteLength(chain) > maxChainBytes) return [tooLong(chainPath, maxChainBytes)];
  const [first, ...others] = pemBlocks(chain);
  const problem = blockProblem(first, chain);
  if (problem !== undefined || first === undefined) return problem === undefined ? [] : [problem];
  const leaf = certificateOf(first);
  if (leaf === undefined) return [invalidField(chainPath, chain, 'leaf certificate does not parse as valid X.509')];
  const wrongKey = keyProblem(leaf, request);
  if (wrongKey !== undefined) return [wrongKey];
  const absent = absentTimes(request);
  if (absent.length > 0) return absent;
  const wrong = firstOf(validityProblem(leaf, request, nowMs), refreshProblem(request), issuersProblem(others, chain));
  return wrong === undefined ? [] : [wrong];
}

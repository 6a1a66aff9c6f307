import {
  certificateRequestPem,
  duplicate,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  notSupported,
  path,
  quote,
  required,
  semanticallyEqual,
} from '@keelson/machinery';
import type { certificates } from '@keelson/schema';
import type { WriteContext } from '@keelson/server';
import { legacySigner, validateSignerName } from './signer-names.js';

type Request = certificates.v1.CertificateSigningRequest;
type Condition = certificates.v1.CertificateSigningRequestCondition;

const specPath = path('spec');
const conditionsPath = path('status', 'conditions');
const minSeconds = 600;

const usages: readonly string[] = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];

/** Conditions that say that something was decided; they are only ever true. */
const decisions = ['Approved', 'Denied', 'Failed'];

/** v1beta1 never asked for much, and goes on so. */
function isLenient({ apiVersion }: Pick<WriteContext, 'apiVersion'>): boolean {
  return apiVersion === 'certificates.k8s.io/v1beta1';
}

function validatePem(request: string | null): FieldError[] {
  const text = Buffer.from(request ?? '', 'base64').toString('latin1');
  return certificateRequestPem.test(text)
    ? []
    : [invalidField(specPath.child('request'), request, 'PEM block type must be CERTIFICATE REQUEST')];
}

function validateUsages(given: readonly string[], lenient: boolean): FieldError[] {
  const at = specPath.child('usages');
  if (given.length === 0) return [required(at)];
  if (lenient) return [];
  return given.flatMap((usage, i) => [
    ...(usages.includes(usage) ? [] : [notSupported(at.index(i), usage, usages)]),
    ...(given.indexOf(usage) < i ? [duplicate(at.index(i), usage)] : []),
  ]);
}

function validateSigner(name: string, lenient: boolean): FieldError[] {
  const at = specPath.child('signerName');
  if (lenient || name !== legacySigner) return validateSignerName(name, at);
  return [invalidField(at, name, 'the legacy signerName is not allowed via this API version')];
}

function validateExpiration(seconds: number | undefined): FieldError[] {
  if (seconds === undefined || seconds >= minSeconds) return [];
  return [invalidField(specPath.child('expirationSeconds'), seconds, 'may not specify a duration less than 600 seconds (10 minutes)')];
}

export function validateSigningRequest({ spec }: Request, context: Pick<WriteContext, 'apiVersion'>): FieldError[] {
  const lenient = isLenient(context);
  return [
    ...validatePem(spec.request),
    ...validateUsages(spec.usages ?? [], lenient),
    ...validateSigner(spec.signerName, lenient),
    ...validateExpiration(spec.expirationSeconds),
  ];
}

function validateCondition({ type, status }: Condition, at: FieldPath, lenient: boolean): FieldError[] {
  const supported = decisions.includes(type) ? ['True'] : ['True', 'False', 'Unknown'];
  return [
    ...(type === '' && !lenient ? [required(at.child('type'))] : []),
    ...(status === '' ? [required(at.child('status'))] : []),
    ...(status === '' || supported.includes(status) ? [] : [notSupported(at.child('status'), status, supported)]),
  ];
}

function validateConditions(conditions: readonly Condition[], lenient: boolean): FieldError[] {
  return conditions.flatMap((condition, i) => {
    const { type } = condition;
    const before = conditions.slice(0, i);
    const opposite = type === 'Approved' ? 'Denied' : type === 'Denied' ? 'Approved' : undefined;
    const contradicting = opposite !== undefined && before.some((other) => other.type === opposite);
    const here = conditionsPath.index(i);
    return [
      ...validateCondition(condition, here, lenient),
      ...(!lenient && before.some((other) => other.type === type) ? [duplicate(here.child('type'), type)] : []),
      ...(contradicting ? [invalidField(here.child('type'), type, 'Approved and Denied conditions are mutually exclusive')] : []),
    ];
  });
}

type Endpoint = 'status' | 'approval';

/** What was decided stays decided, and each decision is made where it may be. */
function validateDecisions(request: Request, old: Request, endpoint: Endpoint): FieldError[] {
  return decisions.flatMap((wanted) => {
    const of = ({ status }: Request) => (status.conditions ?? []).filter(({ type }) => type === wanted);
    const [now, before] = [of(request), of(old)];
    const refuse = (verb: string) => [forbiddenField(conditionsPath, `updates may not ${verb} a condition of type ${quote(wanted)}`)];
    if (semanticallyEqual(now, before)) return [];
    if (now.length < before.length) return refuse('remove');
    const decidedElsewhere = endpoint === 'status' && wanted !== 'Failed';
    if (now.length > before.length) return decidedElsewhere ? refuse('add') : [];
    return decidedElsewhere ? refuse('modify') : [];
  });
}

function validateCertificate({ status }: Request, old: Request): FieldError[] {
  const before = old.status.certificate ?? '';
  if (before === '' || before === (status.certificate ?? '')) return [];
  return [forbiddenField(path('status', 'certificate'), 'updates may not modify existing certificate content')];
}

/** A write through the status or the approval subresource: the rest of a request never changes. */
export function validateSigningRequestUpdate(
  request: Request,
  old: Request,
  endpoint: Endpoint,
  context: Pick<WriteContext, 'apiVersion'>,
): FieldError[] {
  const lenient = isLenient(context);
  return [
    ...validateConditions(request.status.conditions ?? [], lenient),
    ...validateDecisions(request, old, endpoint),
    ...(endpoint === 'status' && !lenient ? validateCertificate(request, old) : []),
  ];
}

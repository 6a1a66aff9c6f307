import {
  certificateOf,
  duplicate,
  type FieldError,
  type FieldPath,
  forbiddenField,
  hasHeaders,
  invalidField,
  notSupported,
  path,
  pemBlocks,
  quote,
  required,
} from '@keelson/machinery';
import type { certificates } from '@keelson/schema';
import type { WriteContext } from '@keelson/server';
import { requestProblem } from './request-signature.js';
import { legacySigner, validateSignerName } from './signer-names.js';

type Request = certificates.v1.CertificateSigningRequest;
type Condition = certificates.v1.CertificateSigningRequestCondition;

const specPath = path('spec');
const conditionsPath = path('status', 'conditions');
const certificatePath = path('status', 'certificate');
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

function validateRequest(request: string | null): FieldError[] {
  const problem = requestProblem(Buffer.from(request ?? '', 'base64').toString('latin1'));
  return problem === undefined ? [] : [invalidField(specPath.child('request'), request, problem)];
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
    ...validateRequest(spec.request),
    ...validateUsages(spec.usages ?? [], lenient),
    ...validateSigner(spec.signerName, lenient),
    ...validateExpiration(spec.expirationSeconds),
  ];
}

/** What is let in because it is there already, or because the version never asked for more. */
interface Leniency {
  readonly emptyTypes: boolean;
  readonly repeatedTypes: boolean;
  readonly contradictions: boolean;
}

function leniencyFor(old: Request, isBeta: boolean): Leniency {
  const types = (old.status.conditions ?? []).map(({ type }) => type);
  return {
    emptyTypes: isBeta || types.includes(''),
    repeatedTypes: isBeta || new Set(types).size < types.length,
    contradictions: types.includes('Approved') && types.includes('Denied'),
  };
}

function validateCondition({ type, status }: Condition, at: FieldPath, lenient: Leniency): FieldError[] {
  const supported = decisions.includes(type) ? ['True'] : ['True', 'False', 'Unknown'];
  return [
    ...(type === '' && !lenient.emptyTypes ? [required(at.child('type'))] : []),
    ...(status === '' ? [required(at.child('status'))] : []),
    ...(status === '' || supported.includes(status) ? [] : [notSupported(at.child('status'), status, supported)]),
  ];
}

const opposites: Readonly<Record<string, string>> = { Approved: 'Denied', Denied: 'Approved' };

function validateConditions(conditions: readonly Condition[], lenient: Leniency): FieldError[] {
  return conditions.flatMap((condition, i) => {
    const { type } = condition;
    const comesAfter = (wanted: string | undefined) => conditions.slice(0, i).some((other) => other.type === wanted);
    const contradicts = !lenient.contradictions && type in opposites && comesAfter(opposites[type]);
    const here = conditionsPath.index(i);
    return [
      ...validateCondition(condition, here, lenient),
      ...(contradicts ? [invalidField(conditionsPath, type, 'Approved and Denied conditions are mutually exclusive')] : []),
      ...(!lenient.repeatedTypes && comesAfter(type) ? [duplicate(here.child('type'), type)] : []),
    ];
  });
}

type Endpoint = 'status' | 'approval';

/** What was decided stays decided, and each decision is made where it may be. */
function validateDecisions(request: Request, old: Request, endpoint: Endpoint): FieldError[] {
  const of = ({ status }: Request, wanted: string) => (status.conditions ?? []).filter(({ type }) => type === wanted);
  const refuse = (verb: string, wanted: string) =>
    forbiddenField(conditionsPath, `updates may not ${verb} a condition of type ${quote(wanted)}`);
  const removed = decisions.filter((wanted) => of(request, wanted).length < of(old, wanted).length);
  const decidedElsewhere = endpoint === 'status' ? ['Approved', 'Denied'] : [];
  const added = decidedElsewhere.filter((wanted) => of(request, wanted).length > of(old, wanted).length);
  return [...removed.map((wanted) => refuse('remove', wanted)), ...added.map((wanted) => refuse('add', wanted))];
}

function certificateProblem(certificate: string): string | undefined {
  if (certificate === '') return undefined;
  const blocks = pemBlocks(Buffer.from(certificate, 'base64').toString('latin1'));
  for (const block of blocks) {
    if (block.label !== 'CERTIFICATE') return `only CERTIFICATE PEM blocks are allowed, found ${quote(block.label)}`;
    if (hasHeaders(block)) return 'no PEM block headers are permitted';
    if (certificateOf(block) === undefined) return 'x509: malformed certificate';
  }
  return blocks.length === 0 ? 'must contain at least one CERTIFICATE PEM block' : undefined;
}

/** A certificate that is there, or is no worse than the one that is there, is let in. */
function validateCertificate({ status }: Request, old: Request): FieldError[] {
  const [now, before] = [status.certificate ?? '', old.status.certificate ?? ''];
  if (now === before || certificateProblem(before) !== undefined) return [];
  const problem = certificateProblem(now);
  return problem === undefined ? [] : [invalidField(certificatePath, '<certificate data>', problem)];
}

/** Once issued, a certificate stays. */
function validateCertificateChange({ status }: Request, old: Request): FieldError[] {
  const before = old.status.certificate ?? '';
  if (before === '' || before === (status.certificate ?? '')) return [];
  return [forbiddenField(certificatePath, 'updates may not modify existing certificate content')];
}

/** A write through the status or the approval subresource: the rest of a request never changes. */
export function validateSigningRequestUpdate(
  request: Request,
  old: Request,
  endpoint: Endpoint,
  context: Pick<WriteContext, 'apiVersion'>,
): FieldError[] {
  const isBeta = isLenient(context);
  const writesCertificate = endpoint === 'status' && !isBeta;
  return [
    ...validateConditions(request.status.conditions ?? [], leniencyFor(old, isBeta)),
    ...(writesCertificate ? validateCertificate(request, old) : []),
    ...validateDecisions(request, old, endpoint),
    ...(writesCertificate ? validateCertificateChange(request, old) : []),
  ];
}

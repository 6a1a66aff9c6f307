import { formatGroupVersion, parseGroupVersion, type RemoteAnswer } from '@keelson/machinery';
import { type AnswerScheme, admission, decodeAnswer, type KindSchema, type meta, type TypeMeta } from '@keelson/schema';
import type { ReviewVersion } from './review-request.js';

/** What a webhook has said. */
export interface ReviewResponse {
  readonly allowed: boolean;
  readonly status?: meta.v1.Status | undefined;
  /** A JSON patch, or whatever `patchType` says; empty when there is none. */
  readonly patch: Buffer;
  readonly patchType: string;
  readonly auditAnnotations: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

type Response = admission.v1.AdmissionResponse;

const REVIEWS: Readonly<Record<ReviewVersion, KindSchema<admission.v1.AdmissionReview>>> = {
  v1: admission.v1.AdmissionReview,
  v1beta1: admission.v1beta1.AdmissionReview,
};
const SCHEME: AnswerScheme = { kinds: Object.values(REVIEWS), name: 'pkg/util/webhook/client.go:71' };

/** Reads an answer. Throws what `decodeAnswer` does. */
export function readReview(
  answer: RemoteAnswer,
  version: ReviewVersion,
): { readonly sent: TypeMeta; readonly response: Response | undefined } {
  const { object, sent } = decodeAnswer(answer, REVIEWS[version], SCHEME);
  return { sent, response: object.response };
}

export interface ExpectedReview {
  readonly version: ReviewVersion;
  readonly uid: string;
  /** Whether the webhook may change the object. */
  readonly mutating: boolean;
}

/** What is in a response, if it is one to the request. v1beta1 does not ask whether it is. */
export function checkedResponse(sent: TypeMeta, response: Response | undefined, expected: ExpectedReview): ReviewResponse {
  if (response === undefined) throw new Error('webhook response was absent');
  const { patch = '', patchType } = response;
  if (expected.version === 'v1') checkV1(sent, response, expected);
  const taken = expected.mutating ? Buffer.from(patch, 'base64') : Buffer.alloc(0);
  return {
    allowed: response.allowed,
    status: response.status,
    patch: taken,
    patchType: expected.version === 'v1' ? (patchType ?? '') : taken.length > 0 ? 'JSONPatch' : '',
    auditAnnotations: response.auditAnnotations ?? {},
    warnings: response.warnings ?? [],
  };
}

function checkV1(sent: TypeMeta, { uid, patch = '', patchType }: Response, expected: ExpectedReview): void {
  if (uid !== expected.uid) throw new Error(`expected response.uid=${JSON.stringify(expected.uid)}, got ${JSON.stringify(uid)}`);
  checkType(sent);
  if (!expected.mutating) {
    if (patch !== '') throw new Error('validating webhook may not return response.patch');
    if (patchType !== undefined) throw new Error('validating webhook may not return response.patchType');
    return;
  }
  if (patch !== '' && patchType === undefined) throw new Error('webhook returned response.patch but not response.patchType');
  if (patch === '' && patchType !== undefined) throw new Error('webhook returned response.patchType but not response.patch');
  if (patchType === '') throw new Error('webhook returned invalid response.patchType of ""');
}

function checkType({ apiVersion, kind }: TypeMeta): void {
  const expected = REVIEWS.v1;
  if (apiVersion === formatGroupVersion(expected) && kind === expected.kind) return;
  const { group, version } = (apiVersion === '' ? undefined : parseGroupVersion(apiVersion)) ?? { group: '', version: '' };
  const wanted = `${formatGroupVersion(expected)}, Kind=${expected.kind}`;
  throw new Error(`expected webhook response of ${wanted}, got ${group}/${version}, Kind=${kind}`);
}

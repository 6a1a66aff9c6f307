import {
  ApiError,
  formatGroupVersion,
  type GroupVersionKind,
  internalError,
  parseGroupVersion,
  quote,
  type RemoteAnswer,
  type Status,
  type StatusDetails,
} from '@keelson/machinery';
import { parseBody } from '../body/parse-body.js';
import { type TypeMeta, typeMetaOf, unreadableKind } from '../body/type-meta.js';
import * as meta from '../gen/meta/index.js';
import { DecodeError, type KindSchema } from '../kind.js';
import { isEnvelope, unwrap } from '../wire/envelope.js';
import { mediaTypeProblem } from './media-type-problem.js';
import { refusedAnswer, retryAfterOf } from './refused-answer.js';

/** The kinds that a client can read. */
export interface AnswerScheme {
  readonly kinds: readonly GroupVersionKind[];
  /** What errors call it. */
  readonly name: string;
}

export interface DecodedAnswer<T> {
  /** Canonical, without TypeMeta. */
  readonly object: T;
  /** As it was sent. */
  readonly sent: TypeMeta;
}

/**
 * The object that another API server answered a POST with. Throws an `ApiError` when it refused, and otherwise, where
 * there is none of the expected kind, `DecodeError`: both in the words of Kubernetes' clients.
 */
export function decodeAnswer<T extends object>(answer: RemoteAnswer, expected: KindSchema<T>, scheme: AnswerScheme): DecodedAnswer<T> {
  const { code, body, headers } = answer;
  const problem = mediaTypeProblem(headers['content-type'] || JSON_TYPE);
  if (problem !== undefined) throw internalError(problem);
  if (code < 200 || code > 206) throw statusIn(answer) ?? refusedAnswer(answer);
  if (body.length === 0) {
    const type = headers['content-type'] ?? JSON_TYPE;
    throw new DecodeError(`0-length response with status code: ${code} and content type: ${type}`);
  }
  const { sent, as } = read(body);
  requireKind(sent, expected, scheme);
  return { object: as(expected), sent };
}

const JSON_TYPE = 'application/json';

/** An object before it is known to be of a kind that can be read. */
interface ReadObject {
  readonly sent: TypeMeta;
  as<T extends object>(kind: KindSchema<T>): T;
}

/** Its bytes tell which form it has. */
function read(body: Buffer): ReadObject {
  if (isEnvelope(body)) {
    const { apiVersion, kind, message } = unwrap(body);
    return { sent: { apiVersion, kind }, as: ({ codec }) => codec.decode(message) };
  }
  const isJson = /^\s*\{/.test(body.toString('latin1', 0, 64));
  try {
    const { value } = parseBody(body, isJson ? 'json' : 'yaml');
    return { sent: typeMetaOf(value), as: ({ codec }) => codec.fromJson(value) };
  } catch (error) {
    throw error instanceof DecodeError ? unreadableKind(error) : error;
  }
}

/** A failure that is told as a Status says more than the code. */
function statusIn(answer: RemoteAnswer): ApiError | undefined {
  try {
    const { sent, as } = read(answer.body);
    if ((sent.kind || 'Status') !== 'Status' || (sent.apiVersion || 'v1') !== 'v1') return undefined;
    const status = as(meta.v1.Status) as Partial<Status>;
    if (status.status !== 'Failure') return undefined;
    return new ApiError(status.code || 500, status.reason ?? '', status.message ?? '', detailsOf(status, answer));
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** When to ask again the headers may say, too. */
function detailsOf({ details }: Partial<Status>, answer: RemoteAnswer): StatusDetails | undefined {
  const later = retryAfterOf(answer);
  return later === undefined ? details : { ...later, ...details };
}

/** What is not said is taken as expected. */
function requireKind({ apiVersion, kind }: TypeMeta, expected: KindSchema<object>, { kinds, name }: AnswerScheme): void {
  const given = apiVersion === '' ? expected : parseGroupVersion(apiVersion);
  if (given === undefined) throw new DecodeError(`unexpected GroupVersion string: ${apiVersion}`);
  const wanted: GroupVersionKind = { group: given.group, version: given.version, kind: kind === '' ? expected.kind : kind };
  const isWanted = (one: GroupVersionKind) => one.group === wanted.group && one.version === wanted.version && one.kind === wanted.kind;
  if (isWanted(expected)) return;
  if ([meta.v1.Status as GroupVersionKind, ...kinds].some(isWanted))
    throw new DecodeError(`converting (${wanted.version}.${wanted.kind}) to (${expected.version}.${expected.kind}): unknown conversion`);
  const version = formatGroupVersion(wanted);
  throw new DecodeError(`no kind ${quote(wanted.kind)} is registered for version ${quote(version)} in scheme ${quote(name)}`);
}

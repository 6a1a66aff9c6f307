import type { Buffer } from 'node:buffer';
import { type ApiError, formatGroupVersion, type GroupVersion, type GroupVersionKind, type Json, quote } from '@keelson/machinery';
import { settleDecimals, withoutDecimals } from '../json/settle-decimals.js';
import { DecodeError, type KindSchema, type StrictSink } from '../kind.js';
import { messageNameOf } from '../kinds/built-in-kind.js';
import { kinds } from '../kinds/kinds.js';
import { messageTable } from '../table/message-table.js';
import { unwrap } from '../wire/envelope.js';
import { cannotBeHandled, otherVersion, unrecognized } from './body-errors.js';
import { checkCustomTypeMeta, customKindRefusal, ofCustomVersion } from './custom-body.js';
import { keepRawTexts } from './keep-raw-texts.js';
import { type ParsedBody, parseBody, type TextFormat } from './parse-body.js';
import { reported, StrictProblems, strictDecodingError } from './strict-problems.js';
import { readTypeMeta, typeMetaOf, unreadableKind, withDefaults } from './type-meta.js';

export type BodyFormat = TextFormat | 'protobuf';

/** What to do with unknown and duplicate fields (query parameter fieldValidation). */
export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface DecodedBody<T> {
  /** Canonical object, without TypeMeta. */
  readonly object: T;
  /** The body says by an empty list that nobody is to own anything any more, which the object does not tell from none. */
  readonly disowns?: boolean;
  /** For `Warn`: what to put into Warning headers. */
  readonly warnings: readonly string[];
  /** Why the body is not taken, which comes after the warnings. */
  readonly refusal?: ApiError;
}

/**
 * Reads a request body that should be an object of a built-in kind. What is wrong with it is a bad request, in
 * Kubernetes' words. A body may leave apiVersion and kind out, or be of another version of the kind that is taken as well
 * because it has the same shape.
 */
export function decodeBody<T extends object>(
  kind: KindSchema<T>,
  body: Buffer,
  format: BodyFormat,
  validation: FieldValidation,
  alsoTaken: readonly KindSchema<object>[] = [],
): DecodedBody<T> {
  const taken = [kind as KindSchema<object>, ...alsoTaken];
  return format === 'protobuf' ? decodeProtobuf(kind, body, taken) : decodeText(kind, body, format, validation, taken);
}

function decodeProtobuf<T extends object>(kind: KindSchema<T>, body: Buffer, taken: readonly KindSchema<object>[]): DecodedBody<T> {
  const envelope = attempt(
    () => unwrap(body),
    (error) => unrecognized(kind, error, body),
  );
  const given = attempt(
    () => withDefaults(envelope, kind),
    (error) => unrecognized(kind, error, body),
  );
  return attempt(
    () => {
      const sent = kindSent(kind, given);
      const object = sent.codec.decode(envelope.message);
      return { object: object as T, warnings: [], ...(!taken.includes(sent) && { refusal: refusalOf(kind, sent) }) };
    },
    (error) => cannotBeHandled(given, kind, error),
  );
}

function decodeText<T extends object>(
  kind: KindSchema<T>,
  body: Buffer,
  format: TextFormat,
  validation: FieldValidation,
  taken: readonly KindSchema<object>[],
): DecodedBody<T> {
  const { given, parsed: opened } = openTextBody(kind, body, format, validation);
  return attempt(
    () => {
      const sent = kindSent(kind, given);
      const parsed = settled(sent, opened);
      if (format === 'json') keepRawTexts(sent.type, parsed.value, body);
      const { object, problems } = readObject(sent, given, parsed, validation);
      const refusal = taken.includes(sent) ? customKindRefusal(kind, given, parsed.value) : refusalOf(kind, sent);
      if (validation === 'Strict' && problems.length > 0) throw new DecodeError(strictDecodingError(problems));
      return {
        object: object as T,
        ...(disowns(kind, parsed.value) && { disowns: true }),
        warnings: problems,
        ...(refusal && { refusal }),
      };
    },
    // Every kind of custom resources is read as what it says it is.
    (error) => cannotBeHandled(given, kind.custom ? given : kind, error),
  );
}

/** Parses a JSON or YAML body and reads what it says it is, with the expected kind for what it leaves out. */
function openTextBody(
  expected: KindSchema<object>,
  body: Buffer,
  format: TextFormat,
  validation: FieldValidation,
): { readonly given: GroupVersionKind; readonly parsed: ParsedBody } {
  const explain = (error: DecodeError) => unrecognized(expected, format === 'json' ? unreadableKind(error) : error, body);
  const parsed = attempt(() => parseBody(body, format, { decimals: expected.custom !== true }), explain);
  const said = attempt(
    () => typeMetaOf(parsed.value),
    (error) => unrecognized(expected, unreadableKind(error), body),
  );
  const given = attempt(
    () => withDefaults(said, expected),
    (error) => unrecognized(expected, error, body),
  );
  if (expected.custom) checkCustomTypeMeta(expected, { said, given, parsed, body, format, validation });
  return { given, parsed };
}

function settled(sent: KindSchema<object>, parsed: ParsedBody): ParsedBody {
  if (!parsed.decimals) return parsed;
  return { ...parsed, value: sent.custom ? withoutDecimals(parsed.value) : settleDecimals(sent.type, parsed.value) };
}

function readObject(
  sent: KindSchema<object>,
  given: GroupVersionKind,
  parsed: ParsedBody,
  validation: FieldValidation,
): { object: object; problems: readonly string[] } {
  if (validation === 'Ignore') return { object: readSent(sent, parsed.value), problems: [] };
  const unknown = new StrictProblems();
  const object = readSent(sent, parsed.value, unknown);
  if (sent.custom) return { object, problems: reported([...parsed.problems([], validation), ...unknownIn(sent, given, unknown)]) };
  return { object, problems: parsed.problems(unknown.texts, validation) };
}

/**
 * Of custom resources the text is judged by itself, what is in unknown fields as well; and what another kind has is not known to be
 * unknown.
 */
function unknownIn(sent: KindSchema<object>, given: GroupVersionKind, { texts }: StrictProblems): readonly string[] {
  return given.kind === sent.kind ? texts : [];
}

/** An empty list of a custom resource is as good as none. */
function disowns({ custom }: KindSchema<object>, value: Json): boolean {
  if (custom) return false;
  const { managedFields } = (value as { metadata?: { managedFields?: Json } } | null)?.metadata ?? {};
  return Array.isArray(managedFields) && managedFields.length === 0;
}

/** The canonical object of what a client has sent, or has made of an object. Throws `DecodeError`. */
export function readSent<T extends object>({ codec }: KindSchema<T>, value: Json, strict?: StrictSink): T {
  return codec.fromSent === undefined ? codec.fromJson(value, strict) : codec.fromSent(value, strict);
}

/** Does it; a `DecodeError` becomes what `explain` makes of it. */
function attempt<R>(action: () => R, explain: (error: DecodeError) => ApiError): R {
  try {
    return action();
  } catch (error) {
    throw error instanceof DecodeError ? explain(error) : error;
  }
}

/** Kubernetes is three servers in one, each of which knows its own kinds. Messages name the line of the source where it does. */
const schemes: Readonly<Record<string, string>> = {
  'apiextensions.k8s.io': 'k8s.io/apiextensions-apiserver/pkg/apiserver/apiserver.go:55',
  'apiregistration.k8s.io': 'k8s.io/kube-aggregator/pkg/apiserver/scheme/scheme.go:28',
};

function schemeOf({ group }: GroupVersion): string {
  return schemes[group] ?? 'pkg/api/legacyscheme/scheme.go:30';
}

function kindSent(expected: KindSchema<object>, given: GroupVersionKind): KindSchema<object> {
  if (given.kind === expected.kind && given.group === expected.group && given.version === expected.version) return expected;
  if (expected.custom) return ofCustomVersion(expected, given);
  const sent = kinds.find(given.group, given.version, given.kind);
  if (sent) return sent;
  throw new DecodeError(
    `no kind ${quote(given.kind)} is registered for version ${quote(formatGroupVersion(given))} in scheme ${quote(schemeOf(expected))}`,
  );
}

/** Another kind than the resource's cannot be converted; another version of it is refused by name. */
function refusalOf(expected: KindSchema<object>, sent: KindSchema<object>): ApiError {
  if (sent.kind === expected.kind) return otherVersion(expected, sent);
  throw unconvertible(expected, sent);
}

/**
 * The kind that what a patch leaves of a built-in kind says it is of, which may be another version: Kubernetes reads it as that one and
 * converts it. Throws `DecodeError` where there is none, or no way from it to the expected one.
 */
export function patchedKind(expected: KindSchema, patched: Json, converts: (sent: KindSchema) => boolean): KindSchema {
  const sent = kindSent(expected, withDefaults(readTypeMeta(patched), expected)) as KindSchema;
  if (sent !== expected && !(sent.kind === expected.kind && converts(sent))) throw unconvertible(expected, sent);
  return sent;
}

function unconvertible(expected: KindSchema<object>, sent: KindSchema<object>): DecodeError {
  const from = messageTable(messageNameOf(sent));
  const to = messageTable(messageNameOf(expected));
  const hub = to.fullName.slice(0, to.fullName.indexOf('.'));
  return new DecodeError(`converting (${from.goType}) to (${hub}.${to.name}): unknown conversion`);
}

import type { Buffer } from 'node:buffer';
import {
  type ApiError,
  formatGroupVersion,
  formatJson,
  type GroupVersionKind,
  internalError,
  invalid,
  invalidField,
  type Json,
  parseGroupVersion,
} from '@keelson/machinery';
import { withoutDecimals } from '../json/settle-decimals.js';
import { sortedJson } from '../json/sorted-json.js';
import { DecodeError, type KindSchema } from '../kind.js';
import { cannotBeHandled, otherVersion, unrecognized } from './body-errors.js';
import type { FieldValidation } from './decode-body.js';
import type { ParsedBody, TextFormat } from './parse-body.js';
import { isNoVersion, readTypeMeta, type TypeMeta } from './type-meta.js';

/** A body that was parsed, and what it says that it is. */
interface OpenedBody {
  readonly said: TypeMeta;
  /** With what it leaves out taken from the kind it should be. */
  readonly given: GroupVersionKind;
  readonly parsed: ParsedBody;
  readonly body: Buffer;
  readonly format: TextFormat;
  readonly validation: FieldValidation;
}

/** Custom resources have to say what they are. */
export function checkCustomTypeMeta(expected: KindSchema<object>, opened: OpenedBody): void {
  const { said, parsed } = opened;
  if (said.kind === '') throw ofNoKind(expected, opened);
  if (isNullVersion(parsed.value)) throw cannotBeHandled({ ...said, group: '', version: '' }, expected, nullVersion());
  if (isNoVersion(said.apiVersion)) throw otherVersion(expected, { group: '', version: '' });
}

/** Strictly they are read twice, and it is the first time that finds it. */
function ofNoKind(expected: KindSchema<object>, { given, parsed, body, format, validation }: OpenedBody): ApiError {
  if (validation !== 'Ignore') return unrecognized(expected, missingKind(body.toString()), body);
  return cannotBeHandled(given, expected, missingKind(format === 'json' ? body.toString() : shownAsJson(parsed)));
}

function shownAsJson({ value, decimals }: ParsedBody): string {
  return formatJson(sortedJson(decimals ? withoutDecimals(value) : value));
}

function missingKind(text: string): DecodeError {
  return new DecodeError(`Object 'Kind' is missing in '${text}'`);
}

function isNullVersion(value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && value.apiVersion === null;
}

function nullVersion(): DecodeError {
  return new DecodeError('.apiVersion accessor error: <nil> is of the type <nil>, expected string');
}

/** Of custom resources every kind can be read, as the one that is expected. Throws where it is of another version. */
export function ofCustomVersion(expected: KindSchema<object>, given: GroupVersionKind): KindSchema<object> {
  if (given.group !== expected.group || given.version !== expected.version) throw otherVersion(expected, given);
  return expected;
}

/** Why an object of another kind is not taken, after all has been told that is wrong with it. */
export function customKindRefusal(expected: KindSchema<object>, given: GroupVersionKind, value: Json): ApiError | undefined {
  if (!expected.custom || given.kind === expected.kind) return undefined;
  return invalid(given, nameIn(value), [invalidField('kind', given.kind, `must be ${expected.kind}`)]);
}

function nameIn(value: Json | undefined): string {
  const { metadata } = (value ?? {}) as { readonly metadata?: { readonly name?: Json } | null };
  return typeof metadata?.name === 'string' ? metadata.name : '';
}

/**
 * Why what a patch leaves of a custom resource is not taken, where it does not say that it is of the version of the kind that it is
 * of. Throws where it does not say what it is: `DecodeError` where it says no kind.
 */
export function patchedCustomKindRefusal(expected: KindSchema<object>, patched: Json): ApiError | undefined {
  const { apiVersion, kind } = readTypeMeta(patched);
  if (kind === '') throw missingKind(formatJson(sortedJson(patched)));
  if (isNullVersion(patched)) throw nullVersion();
  if (isNoVersion(apiVersion)) throw internalError("Object 'apiVersion' is missing in 'object has no apiVersion field'");
  const wanted = formatGroupVersion(expected);
  if (apiVersion === wanted && kind === expected.kind) return undefined;
  const { group } = parseGroupVersion(apiVersion) ?? { group: '' };
  return invalid({ group, kind }, nameIn(patched), [
    ...(apiVersion === wanted ? [] : [invalidField('apiVersion', apiVersion, `must be ${wanted}`)]),
    ...(kind === expected.kind ? [] : [invalidField('kind', kind, `must be ${expected.kind}`)]),
  ]);
}

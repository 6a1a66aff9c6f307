import { Decimal, type GroupVersionKind, type Json, parseGroupVersion } from '@keelson/machinery';
import { jsonKind } from '../codec/json-kind.js';
import { DecodeError } from '../kind.js';

/** apiVersion and kind as an object carries them; '' where it does not. */
export interface TypeMeta {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Throws `DecodeError` when the value is none that could say what it is. */
export function typeMetaOf(value: Json): TypeMeta {
  if (value === null) return { apiVersion: '', kind: '' };
  if (typeof value !== 'object' || Array.isArray(value) || value instanceof Decimal) {
    throw new DecodeError(
      `json: cannot unmarshal ${jsonKind(value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  }
  return { apiVersion: typeMetaText(value, 'apiVersion'), kind: typeMetaText(value, 'kind') };
}

/** The same in the words that are used where nothing else is known of a value. */
export function readTypeMeta(value: Json): TypeMeta {
  try {
    return typeMetaOf(value);
  } catch (error) {
    throw error instanceof DecodeError ? unreadableKind(error) : error;
  }
}

function typeMetaText(value: { [key: string]: Json }, name: string): string {
  const text = value[name] ?? '';
  if (typeof text === 'string') return text;
  throw new DecodeError(`json: cannot unmarshal ${jsonKind(text)} into Go struct field .${name} of type string`);
}

/** Of what cannot even be asked what it is. */
export function unreadableKind(error: DecodeError): DecodeError {
  return new DecodeError(`couldn't get version/kind; json parse error: ${error.message}`, { cause: error });
}

/** Whether that is no apiVersion, or as good as none. */
export function isNoVersion(apiVersion: Json | undefined): boolean {
  return apiVersion === undefined || apiVersion === null || apiVersion === '' || apiVersion === '/';
}

/** What the body says it is, with what it leaves out taken from the kind it should be. */
export function withDefaults({ apiVersion, kind }: TypeMeta, expected: GroupVersionKind): GroupVersionKind {
  const says = !isNoVersion(apiVersion);
  const given = says ? parseGroupVersion(apiVersion) : undefined;
  if (says && !given) throw new DecodeError(`unexpected GroupVersion string: ${apiVersion}`);
  return { group: given?.group ?? expected.group, version: given?.version ?? expected.version, kind: kind === '' ? expected.kind : kind };
}

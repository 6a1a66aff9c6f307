import { type KubeObject, unsupportedMediaType } from '@keelson/machinery';
import { type BodyFormat, type DecodedBody, decodeBody, type FieldValidation, type KindSchema } from '@keelson/schema';

const FORMATS: Readonly<Record<string, BodyFormat>> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/vnd.kubernetes.protobuf': 'protobuf',
};

/** The format a Content-Type names; throws 415. No Content-Type means JSON. */
export function bodyFormat(contentType: string | undefined): BodyFormat {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === '') return 'json';
  const format = Object.hasOwn(FORMATS, type) ? FORMATS[type] : undefined;
  if (format === undefined) throw unsupportedMediaType(Object.keys(FORMATS));
  return format;
}

/**
 * The canonical object of a request body that must be of `kind`. What strict decoding finds is refused, told as
 * warnings, or ignored, as `validation` says.
 */
export function decodeObject<T extends object = KubeObject>(
  kind: KindSchema<T>,
  body: Buffer,
  format: BodyFormat,
  validation: FieldValidation,
  warn: (text: string) => void,
  alsoTaken?: readonly KindSchema[],
): DecodedBody<T> {
  const taken = alsoTaken as readonly KindSchema<object>[] | undefined;
  const decoded = decodeBody(kind, body, format, validation, taken);
  for (const warning of decoded.warnings) warn(warning);
  if (decoded.refusal !== undefined) throw decoded.refusal;
  return decoded;
}

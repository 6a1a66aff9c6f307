import { type FieldError, type FieldPath, invalidField, quote } from '@keelson/machinery';

const canonical = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const prefix = 'urn:uuid:';

/** What is wrong with a UUID in one of the forms that Go's most used reader takes, in its words. */
function uuidProblem(text: string): string | undefined {
  const isUuid = (part: string) => (canonical.test(part.toLowerCase()) ? undefined : 'invalid UUID format');
  switch (text.length) {
    case 36:
      return isUuid(text);
    case 36 + prefix.length:
      return text.slice(0, prefix.length).toLowerCase() === prefix
        ? isUuid(text.slice(prefix.length))
        : `invalid urn prefix: ${quote(text.slice(0, prefix.length))}`;
    case 38:
      return text.startsWith('{') && text.endsWith('}') ? isUuid(text.slice(1, -1)) : 'invalid bracketed UUID format';
    case 32:
      return /^[\da-f]{32}$/i.test(text) ? undefined : 'invalid UUID format';
    default:
      return `invalid UUID length: ${text.length}`;
  }
}

/** A UUID in the one form of RFC 4122. */
export function validateUuid(text: string, at: FieldPath): FieldError[] {
  const problem = uuidProblem(text);
  if (problem !== undefined) return [invalidField(at, text, `error validating uid: ${problem}`)];
  if (canonical.test(text)) return [];
  const form = '`xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`';
  return [invalidField(at, text, `uid must be in RFC 4122 normalized form, ${form} with lowercase hexadecimal characters`)];
}

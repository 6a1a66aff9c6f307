import { type FieldError, type FieldPath, invalidField } from '@keelson/machinery';
import { RE2JS } from 're2js';

/** Patterns are those of RE2, which take linear time. */
export function patternErrors(pattern: string, at: FieldPath): FieldError[] {
  try {
    RE2JS.compile(pattern);
    return [];
  } catch (error) {
    return [invalidField(at, pattern, `must be a valid regular expression, but isn't: ${(error as Error).message}`)];
  }
}

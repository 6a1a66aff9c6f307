import { declare, method } from '../../environment/declarations.js';
import type { Library } from '../../environment/environment.js';
import { INT, listOf, STRING } from '../../types/type.js';
import { EvaluationError } from '../../values/evaluation-error.js';
import type { Int } from '../../values/int.js';
import { patternFor } from '../../values/pattern.js';

function find(text: string, pattern: string): string {
  const matcher = patternFor(text, pattern, 'Illegal regex: ').matcher(text);
  return matcher.find() ? (matcher.group() ?? '') : '';
}

/** Each match takes half a microsecond of its own. */
const MAX_FOUND = 2 ** 16;

/** At most `limit` of them; a negative limit is none. */
function findAll(text: string, pattern: string, limit: Int = -1): string[] {
  const matcher = patternFor(text, pattern, 'Illegal regex: ').matcher(text);
  const found: string[] = [];
  while ((limit < 0 || found.length < limit) && matcher.find()) {
    if (found.length === MAX_FOUND) throw new EvaluationError(`a text cannot have more than ${MAX_FOUND} matches`);
    found.push(matcher.group() ?? '');
  }
  return found;
}

/** Kubernetes' functions of regular expressions. */
export const REGEX: Library = {
  functions: [
    declare('find', method('string_find_string', [STRING, STRING], STRING, find)),
    declare(
      'findAll',
      method('string_find_all_string', [STRING, STRING], listOf(STRING), (text: string, pattern: string) => findAll(text, pattern)),
      method('string_find_all_string_int', [STRING, STRING, INT], listOf(STRING), findAll),
    ),
  ],
};

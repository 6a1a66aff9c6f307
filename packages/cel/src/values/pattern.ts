import { LruMap } from '@keelson/machinery';
import { RE2JS } from 're2js';
import { EvaluationError } from './evaluation-error.js';

const MAX_CACHED = 256;
const MAX_LENGTH = 4096;
/** Instructions of the pattern times characters of the text: what matching may take at worst, about a tenth of a second. */
const MAX_EFFORT = 2 ** 22;
const cache = new LruMap<string, RE2JS>(MAX_CACHED);

/**
 * A regular expression of Go's syntax, matched in time linear in the text. Those of late are kept. Throws with Go's words
 * where it is none.
 */
export function compilePattern(pattern: string): RE2JS {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  if (pattern.length > MAX_LENGTH) throw new Error(`a pattern cannot have more than ${MAX_LENGTH} characters`);
  const compiled = RE2JS.compile(pattern);
  cache.set(pattern, compiled);
  return compiled;
}

/** As `compilePattern`, for a pattern that an expression made and a text that it is to match. */
export function patternFor(text: string, pattern: string, prefix = ''): RE2JS {
  const compiled = compiledPattern(pattern, prefix);
  if (compiled.programSize() * text.length > MAX_EFFORT) throw new EvaluationError('the pattern is too complex for a text of this length');
  return compiled;
}

/** As `compilePattern`, for a pattern in an expression. `prefix`: of what is wrong with it. */
export function compiledPattern(pattern: string, prefix = ''): RE2JS {
  try {
    return compilePattern(pattern);
  } catch (error) {
    throw new EvaluationError(`${prefix}${error instanceof Error ? error.message : String(error)}`);
  }
}

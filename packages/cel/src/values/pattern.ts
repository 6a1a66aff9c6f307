import { RE2JS } from 're2js';
import { EvaluationError } from './evaluation-error.js';

const MAX_CACHED = 256;
const cache = new Map<string, RE2JS>();

/**
 * A regular expression of Go's syntax, matched in time linear in the text. Those of late are kept. Throws with Go's words
 * where it is none.
 */
export function compilePattern(pattern: string): RE2JS {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  const compiled = RE2JS.compile(pattern);
  if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value as string);
  cache.set(pattern, compiled);
  return compiled;
}

/** As `compilePattern`, for a pattern that an expression made. */
export function patternOf(pattern: string, prefix = ''): RE2JS {
  try {
    return compilePattern(pattern);
  } catch (error) {
    throw new EvaluationError(`${prefix}${error instanceof Error ? error.message : String(error)}`);
  }
}

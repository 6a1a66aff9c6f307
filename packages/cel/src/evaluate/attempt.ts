import { EvaluationError } from '../values/evaluation-error.js';
import type { CelValue } from '../values/value.js';
import type { Code, Run } from './run.js';

/** What a node gives, or what is wrong with it. */
export function attempt(code: Code, run: Run): CelValue | EvaluationError {
  try {
    return code(run);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return error;
  }
}

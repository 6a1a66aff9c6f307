import { Suspended } from '../evaluate/suspended.js';

/**
 * Evaluates, and again whenever an answer has come that the evaluation had to wait for. `evaluate` must have no effects
 * but what it returns. Each time asks for one answer more, and cost limits how many an expression can ask for.
 */
export async function whenAnswered<T>(evaluate: () => T): Promise<T> {
  for (;;) {
    try {
      return evaluate();
    } catch (error) {
      if (!(error instanceof Suspended)) throw error;
      await error.answer;
    }
  }
}

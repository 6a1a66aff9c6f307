import { AUTHORIZATION_ENVIRONMENT, authorizationBindings, BOOL, compileExpression, type Program } from '@keelson/cel';
import { aggregate } from '@keelson/machinery';
import type { authorization } from '@keelson/schema';
import type { MatchConditions } from './webhook-authorizer.js';

/** What is wrong with an expression that is to say whether a webhook is asked; undefined when nothing is. */
export function problemOfCondition(expression: string): string | undefined {
  return compileExpression(expression, AUTHORIZATION_ENVIRONMENT, BOOL).problem;
}

/** Told how long conditions took and what came of it, for metrics. */
export type ConditionsObserver = (outcome: 'match' | 'exclusion' | 'error', durationMs: number) => void;

/** CEL expressions over the SubjectAccessReview, all of which must be true (KEP-3221). */
export class CelMatchConditions implements MatchConditions {
  readonly #conditions: readonly { readonly text: string; readonly program: Program }[];
  readonly #onEnd: ConditionsObserver;

  /** Throws for an expression that cannot be compiled. */
  constructor(expressions: readonly string[], onEnd: ConditionsObserver) {
    this.#conditions = expressions.map((text) => ({ text, program: compiled(text) }));
    this.#onEnd = onEnd;
  }

  /** One that is false decides, even where others fail. */
  match(spec: authorization.v1.SubjectAccessReviewSpec): boolean {
    const begunAtMs = performance.now();
    const end = (outcome: Parameters<ConditionsObserver>[0]) => this.#onEnd(outcome, performance.now() - begunAtMs);
    const bindings = authorizationBindings(spec);
    const errors: string[] = [];
    for (const { text, program } of this.#conditions) {
      const { value, error } = program.evaluate(bindings);
      if (error !== undefined) errors.push(`cel evaluation error: expression '${text}' resulted in error: ${error}`);
      else if (value !== true) {
        end('exclusion');
        return false;
      }
    }
    end(errors.length === 0 ? 'match' : 'error');
    if (errors.length > 0) throw new Error(aggregate(errors));
    return true;
  }
}

function compiled(text: string): Program {
  const { program, problem } = compileExpression(text, AUTHORIZATION_ENVIRONMENT, BOOL);
  if (program === undefined) throw new Error(problem);
  return program;
}

/**
 * What went wrong when an expression was evaluated. Thrown inside the engine, where `&&`, `||` and the loops made of them
 * may absorb it, so it carries no stack: hostile expressions can make many.
 */
export class EvaluationError {
  constructor(readonly message: string) {}
}

export function noSuchOverload(): EvaluationError {
  return new EvaluationError('no such overload');
}

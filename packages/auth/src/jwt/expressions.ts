import { BOOL, CLAIMS_ENVIRONMENT, compile, type Environment, type Expression, sameType, USER_ENVIRONMENT } from '@keelson/cel';

/** What an expression makes of claims is looked at when it has made it: nobody knows their types before. */
export function compileMapping(expression: string): Expression {
  return compileFor(expression, CLAIMS_ENVIRONMENT);
}

/** Whether claims are as they should be. */
export function compileClaimRule(expression: string): Expression {
  return mustBeBool(compileFor(expression, CLAIMS_ENVIRONMENT));
}

/** Whether a user is as they should be. */
export function compileUserRule(expression: string): Expression {
  return mustBeBool(compileFor(expression, USER_ENVIRONMENT));
}

function compileFor(expression: string, environment: Environment): Expression {
  const { program, errors } = compile(expression, environment);
  return program === undefined ? { problem: `compilation failed: ${errors}` } : { program };
}

function mustBeBool(compiled: Expression): Expression {
  if (compiled.program === undefined || sameType(compiled.program.resultType, BOOL)) return compiled;
  return { problem: 'must evaluate to bool' };
}

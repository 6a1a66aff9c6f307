import {
  BOOL,
  CLAIMS_ENVIRONMENT,
  compile,
  type Environment,
  type Expression,
  invalidExpression,
  type Program,
  readied,
  sameType,
  USER_ENVIRONMENT,
} from '@keelson/cel';

/** What an expression makes of claims is looked at when it has made it: nobody knows their types before. */
export function compileMapping(expression: string): Expression {
  return compileFor(expression, CLAIMS_ENVIRONMENT, readied);
}

/** Whether claims are as they should be. */
export function compileClaimRule(expression: string): Expression {
  return compileFor(expression, CLAIMS_ENVIRONMENT, mustBeBool);
}

/** Whether a user is as they should be. */
export function compileUserRule(expression: string): Expression {
  return compileFor(expression, USER_ENVIRONMENT, mustBeBool);
}

function compileFor(expression: string, environment: Environment, judge: (program: Program) => Expression): Expression {
  const { program, errors } = compile(expression, environment);
  return program === undefined ? invalidExpression(`compilation failed: ${errors}`) : judge(program);
}

function mustBeBool(program: Program): Expression {
  return sameType(program.resultType, BOOL) ? readied(program) : invalidExpression('must evaluate to bool');
}

import { type AdmissionVariables, admissionEnvironments, type CelType, type EnvironmentPair, PolicyVariables } from '@keelson/cel';
import { type FieldError, type FieldPath, required } from '@keelson/machinery';
import { ExpressionValidation, expressionErrors } from './expression-validation.js';
import type { PolicySpec } from './policy-validation.js';

const missing = 'expression is not specified';

/** The expressions of one policy, which may refer to its variables and, where it has a kind of them, to parameters. */
export class PolicyExpressions {
  readonly #spec: PolicySpec;
  readonly #old: PolicySpec | undefined;
  readonly #variables = new PolicyVariables();

  constructor(spec: PolicySpec, old: PolicySpec | undefined) {
    this.#spec = spec;
    this.#old = old;
  }

  /** Conditions come before variables, and know none. */
  get conditions(): ExpressionValidation {
    const stored = this.#old?.matchConditions?.map(({ expression }) => expression) ?? [];
    return new ExpressionValidation(stored, admissionEnvironments({ params: this.#hasParams, authorizer: true }));
  }

  /** For expressions of which some were stored before. */
  of(stored: Iterable<string | undefined>, variables: Omit<AdmissionVariables, 'params'>): ExpressionValidation {
    return new ExpressionValidation(stored, this.#environments(variables));
  }

  /** A variable, for the expressions behind it: it does not know itself. */
  declare(name: string, expression: string, at: FieldPath): FieldError[] {
    if (expression.trim() === '') return [required(at, missing)];
    const stored = this.#old?.variables?.map((variable) => variable.expression) ?? [];
    const environment = this.of(stored, { authorizer: true }).environmentFor(expression);
    return expressionErrors(this.#variables.add(name, expression, environment), expression, at);
  }

  get #hasParams(): boolean {
    return this.#spec.paramKind !== undefined;
  }

  /** There are `variables` only where the policy has some. */
  #environments(variables: Omit<AdmissionVariables, 'params'>): EnvironmentPair {
    const { forNew, forStored } = admissionEnvironments({ params: this.#hasParams, ...variables });
    if ((this.#spec.variables ?? []).length === 0) return { forNew, forStored };
    return { forNew: this.#variables.within(forNew), forStored: this.#variables.within(forStored) };
  }
}

/** An expression that must be given, and be right. */
export function validateExpression(
  expression: string,
  at: FieldPath,
  expressions: ExpressionValidation,
  ...types: CelType[]
): FieldError[] {
  return expression.trim() === '' ? [required(at, missing)] : expressions.validate(expression, at, ...types);
}

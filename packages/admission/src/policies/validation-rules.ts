import {
  type AdmissionExpression,
  type Bindings,
  BOOL,
  Budget,
  BudgetExceeded,
  NULL,
  REQUEST_BUDGET,
  type Result,
  STRING,
} from '@keelson/cel';
import type { StatusReason } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import type { PolicyInput } from './policy-request.js';
import { PolicyScope } from './policy-scope.js';

type PolicySpec = admissionregistration.v1.ValidatingAdmissionPolicySpec;
type ValidationSpec = admissionregistration.v1.Validation;

const MAX_MESSAGE_BYTES = 5 * 1024;

/** Why a validation does not hold. */
export interface Failure {
  /** Its place among the validations of the policy; 0 for what concerns all of them. */
  readonly index: number;
  readonly message: string;
  readonly reason: StatusReason;
  /** It could not be evaluated, and failures are ignored. */
  readonly ignored: boolean;
  readonly durationMs: number;
}

/** What a policy says of a request. */
export interface Judgement {
  readonly failures: readonly Failure[];
  /** For the audit events of the request. */
  readonly annotations: readonly { readonly key: string; readonly value: string }[];
  /** Why there are not all of these; none where failures are ignored. */
  readonly annotationFailures: readonly Failure[];
}

const PASSED: Judgement = { failures: [], annotations: [], annotationFailures: [] };

interface Validation {
  readonly spec: ValidationSpec;
  readonly condition: AdmissionExpression;
  readonly message: AdmissionExpression | undefined;
}

/** The expressions of a policy that validates. */
export class ValidationRules {
  readonly #scope: PolicyScope;
  readonly #ignorable: boolean;
  readonly #validations: readonly Validation[];
  readonly #annotations: readonly { readonly key: string; readonly value: AdmissionExpression }[];

  constructor(spec: PolicySpec) {
    const scope = new PolicyScope(spec);
    this.#scope = scope;
    this.#ignorable = spec.failurePolicy === 'Ignore';
    this.#validations = (spec.validations ?? []).map((validation) => ({
      spec: validation,
      condition: scope.expression(validation.expression, { authorizer: true }, BOOL),
      message: validation.messageExpression ? scope.expression(validation.messageExpression, { authorizer: false }, STRING) : undefined,
    }));
    this.#annotations = (spec.auditAnnotations ?? []).map(({ key, valueExpression }) => ({
      key,
      value: scope.expression(valueExpression, { authorizer: true }, STRING, NULL),
    }));
  }

  async judge(input: PolicyInput): Promise<Judgement> {
    const startedAtMs = performance.now();
    try {
      return (await this.#mismatch(input)) ?? (await this.#judge(await input.bindings(this.#scope.seesNamespace)));
    } catch (error) {
      if (!(error instanceof BudgetExceeded)) throw error;
      return { ...PASSED, failures: [this.#failed(error.message, 0, performance.now() - startedAtMs)] };
    }
  }

  /** Undefined when the request is one that the policy is about. */
  async #mismatch(input: PolicyInput): Promise<Judgement | undefined> {
    const { conditions } = this.#scope;
    if (conditions.isEmpty) return undefined;
    const outcome = await conditions.evaluate(input.conditionBindings());
    if (outcome.matches === undefined) return { ...PASSED, failures: [this.#failed(outcome.error)] };
    return outcome.matches ? undefined : PASSED;
  }

  async #judge(bindings: Bindings): Promise<Judgement> {
    const budget = new Budget(REQUEST_BUDGET);
    const conditions = this.#validations.map(({ condition }) => condition);
    const results = await this.#evaluate(conditions, bindings, budget);
    const messages = results.some(isBroken) ? await this.#messages(bindings, budget) : [];
    const failures = results.flatMap((timed, index) => this.#failure(timed, index, messages) ?? []);
    return { failures, ...(await this.#annotate(bindings)) };
  }

  /** Variables are evaluated anew for each kind of expressions. */
  async #evaluate(expressions: readonly AdmissionExpression[], bindings: Bindings, budget: Budget): Promise<Timed[]> {
    const results: Timed[] = [];
    if (expressions.length === 0) return results;
    const bound = this.#scope.bind(bindings, budget);
    for (const expression of expressions) results.push(await timed(expression, bound, budget));
    return results;
  }

  /** Those of all validations, or why there are none: Kubernetes asks also those that hold. */
  async #messages(bindings: Bindings, budget: Budget): Promise<readonly string[] | BudgetExceeded> {
    const expressed = this.#validations.map(({ message }) => message).filter((message) => message !== undefined);
    try {
      const results = await this.#evaluate(expressed, bindings, budget);
      const messages = results.map(({ result }) => messageOf(result));
      return this.#validations.map(({ message }) => (message === undefined ? '' : (messages.shift() ?? '')));
    } catch (error) {
      if (error instanceof BudgetExceeded) return error;
      throw error;
    }
  }

  /** Undefined where the validation holds. */
  #failure({ result, durationMs }: Timed, index: number, messages: readonly string[] | BudgetExceeded): Failure | undefined {
    if (result.error !== undefined) return this.#failed(result.error, index, durationMs);
    if (messages instanceof BudgetExceeded) return this.#failed(`failed messageExpression: ${messages.message}`, index, durationMs);
    if (result.value === true) return undefined;
    const { spec } = this.#validations[index] as Validation;
    const message = messages[index] || spec.message?.trim() || `failed expression: ${spec.expression.trim()}`;
    return { index, message, reason: (spec.reason ?? 'Invalid') as StatusReason, ignored: false, durationMs };
  }

  async #annotate(bindings: Bindings): Promise<Pick<Judgement, 'annotations' | 'annotationFailures'>> {
    const values = this.#annotations.map(({ value }) => value);
    const results = await this.#evaluate(values, bindings, new Budget(REQUEST_BUDGET));
    const annotations: { key: string; value: string }[] = [];
    const annotationFailures: Failure[] = [];
    for (const [index, { key }] of this.#annotations.entries()) {
      const { result, durationMs } = results[index] as Timed;
      if (result.error !== undefined) annotationFailures.push(this.#failed(result.error, 0, durationMs));
      else if (typeof result.value === 'string' && result.value.trim() !== '') annotations.push({ key, value: result.value.trim() });
    }
    return { annotations, annotationFailures: this.#ignorable ? [] : annotationFailures };
  }

  /** What could not be evaluated does not hold, unless failures are ignored. */
  #failed(message: string, index = 0, durationMs = 0): Failure {
    return { index, message, reason: 'Invalid', ignored: this.#ignorable, durationMs };
  }
}

interface Timed {
  readonly result: Result;
  readonly durationMs: number;
}

async function timed(expression: AdmissionExpression, bindings: Bindings, budget: Budget): Promise<Timed> {
  const startedAtMs = performance.now();
  return { result: await expression.evaluate(bindings, budget), durationMs: performance.now() - startedAtMs };
}

function isBroken({ result }: Timed): boolean {
  return result.error === undefined && result.value !== true;
}

/** One line of moderate length; anything else is as if there were no such expression. */
function messageOf({ value }: Result): string {
  const text = typeof value === 'string' ? value.trim() : '';
  return text.includes('\n') || Buffer.byteLength(text) > MAX_MESSAGE_BYTES ? '' : text;
}

import {
  type AdmissionExpression,
  APPLY_CONFIGURATION,
  Budget,
  BudgetExceeded,
  configurationOf,
  JSON_PATCH,
  operationsOf,
  PatchTypeError,
  REQUEST_BUDGET,
} from '@keelson/cel';
import { internalError, type JsonObject, type KubeObject, type ServedVersion } from '@keelson/machinery';
import { applyJsonPatch, JsonPatchError, JsonPatchTestError } from '@keelson/patch';
import { type admissionregistration, DecodeError } from '@keelson/schema';
import { PolicyProblem } from './policy-problem.js';
import type { PolicyInput } from './policy-request.js';
import { PolicyScope } from './policy-scope.js';

type PolicySpec = admissionregistration.v1beta1.MutatingAdmissionPolicySpec;
type MutationSpec = admissionregistration.v1beta1.Mutation;

/** Makes of a view of an object what a mutation wants it to be. */
type Change = (view: JsonObject, value: Value, version: ServedVersion) => JsonObject;
type Value = Parameters<typeof configurationOf>[0];

export interface Mutation {
  readonly expression: AdmissionExpression;
  readonly change: Change;
}

/** The expressions of a policy that mutates. */
export class MutationRules {
  /** Whether it wants to see again what others have changed after it. */
  readonly reinvocable: boolean;
  readonly mutations: readonly Mutation[];
  readonly #scope: PolicyScope;
  readonly #ignorable: boolean;

  constructor(spec: PolicySpec) {
    const scope = new PolicyScope(spec);
    this.reinvocable = spec.reinvocationPolicy === 'IfNeeded';
    this.mutations = (spec.mutations ?? []).map((mutation) => compiled(mutation, scope));
    this.#scope = scope;
    this.#ignorable = spec.failurePolicy === 'Ignore';
  }

  /** Whether the policy is about a request. Throws PolicyProblem when nobody can tell and failures are not ignored. */
  async matches(input: PolicyInput): Promise<boolean> {
    const { conditions } = this.#scope;
    if (conditions.isEmpty) return true;
    const outcome = await conditions.evaluate(input.conditionBindings());
    if (outcome.matches !== undefined) return outcome.matches;
    if (this.#ignorable) return false;
    throw new PolicyProblem(outcome.error);
  }

  /**
   * The view as a mutation wants it; itself, when that wants nothing. Throws PolicyProblem, and what a client is answered
   * where the result is no object of its kind.
   */
  async changed({ expression, change }: Mutation, view: KubeObject, version: ServedVersion, input: PolicyInput): Promise<JsonObject> {
    const bindings = await input.bindings(this.#scope.seesNamespace);
    try {
      const budget = new Budget(REQUEST_BUDGET);
      const { value, error } = await expression.evaluate(this.#scope.bind(bindings, budget), budget);
      if (error !== undefined) throw new PolicyProblem(error);
      return change(view as unknown as JsonObject, value, version);
    } catch (error) {
      if (error instanceof BudgetExceeded || error instanceof PatchTypeError) throw new PolicyProblem(error.message);
      throw error;
    }
  }
}

function compiled({ patchType, applyConfiguration, jsonPatch }: MutationSpec, scope: PolicyScope): Mutation {
  const variables = { authorizer: true, patches: true };
  return patchType === 'JSONPatch'
    ? { expression: scope.expression(jsonPatch?.expression ?? '', variables, JSON_PATCH), change: patched }
    : { expression: scope.expression(applyConfiguration?.expression ?? '', variables, APPLY_CONFIGURATION), change: merged };
}

const merged: Change = (view, value, version) => {
  try {
    return version.merge(view, configurationOf(value));
  } catch (error) {
    if (error instanceof PatchTypeError || !(error instanceof Error)) throw error;
    throw new PolicyProblem(`error applying patch: ${error.message}`);
  }
};

/** Where a test fails nothing is changed. */
const patched: Change = (view, value) => {
  try {
    return applyJsonPatch(view, operationsOf(value)) as JsonObject;
  } catch (error) {
    if (error instanceof JsonPatchTestError) return view;
    if (error instanceof JsonPatchError) throw new PolicyProblem(`JSON Patch: ${error.message}`);
    throw error instanceof DecodeError ? internalError(error) : error;
  }
};

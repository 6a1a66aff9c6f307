import {
  AdmissionExpression,
  type AdmissionVariables,
  admissionEnvironments,
  type Bindings,
  type Budget,
  type CelType,
  compileExpression,
  type Environment,
  MatchConditions,
  PolicyVariables,
} from '@keelson/cel';
import type { PolicySpec } from './policy-objects.js';

/** What the expressions of a policy may refer to. They are stored ones: they may use all that there is. */
export class PolicyScope {
  readonly conditions: MatchConditions;
  /** Whether there may be a `namespaceObject` among the expressions. */
  readonly seesNamespace: boolean;
  readonly #params: boolean;
  readonly #variables: PolicyVariables | undefined;

  constructor(spec: PolicySpec) {
    const { paramKind, variables = [], matchConditions = [] } = spec;
    this.seesNamespace = JSON.stringify(spec).includes('namespaceObject');
    this.#params = paramKind !== undefined;
    const environment = this.#environment({ authorizer: true });
    this.conditions = new MatchConditions(matchConditions, environment);
    if (variables.length === 0) return;
    this.#variables = new PolicyVariables();
    for (const { name, expression } of variables) this.#variables.add(name, expression, environment);
  }

  expression(text: string, variables: Omit<AdmissionVariables, 'params'>, ...types: CelType[]): AdmissionExpression {
    const environment = this.#environment(variables);
    return new AdmissionExpression(text, compileExpression(text, this.#variables?.within(environment) ?? environment, ...types));
  }

  /** The bindings with the policy's variables among them, at the cost of a budget. */
  bind(bindings: Bindings, budget: Budget): Bindings {
    return this.#variables?.bind(bindings, budget) ?? bindings;
  }

  #environment(variables: Omit<AdmissionVariables, 'params'>): Environment {
    return admissionEnvironments({ params: this.#params, ...variables }).forStored;
  }
}

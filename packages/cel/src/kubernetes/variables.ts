import type { Environment } from '../environment/environment.js';
import type { Bindings } from '../evaluate/run.js';
import { type CelType, DYN, structType } from '../types/type.js';
import { EvaluationError, noSuchOverload } from '../values/evaluation-error.js';
import { CelMap, type CelValue } from '../values/value.js';
import type { Budget } from './budget.js';
import { compileExpression, type Expression } from './expression.js';

const VARIABLES = structType('kubernetes.variables');

/** The variables of a policy: expressions that others refer to as `variables.name`, each evaluated when first referred to. */
export class PolicyVariables {
  readonly #expressions = new Map<string, Expression>();
  readonly #types = new Map<string, CelType>();
  readonly #environments = new Map<Environment, Environment>();

  /** An environment with `variables` in it. Expressions compiled there know those that were added by then. */
  within(environment: Environment): Environment {
    const known = this.#environments.get(environment);
    if (known !== undefined) return known;
    const declaration = { field: (name: string) => this.#types.get(name) };
    const extended = environment.extend({
      variables: { variables: VARIABLES },
      types: { struct: (name) => (name === VARIABLES.name ? declaration : undefined) },
    });
    this.#environments.set(environment, extended);
    return extended;
  }

  /** Compiles a variable. One that is wrong may still be referred to. */
  add(name: string, expression: string, environment: Environment): Expression {
    const compiled = compileExpression(expression, this.within(environment));
    this.#expressions.set(name, compiled);
    this.#types.set(name, compiled.program === undefined ? DYN : fieldType(compiled.program.resultType));
    return compiled;
  }

  /** The bindings with `variables` among them. */
  bind(bindings: Bindings, budget: Budget): Bindings {
    const all: Record<string, CelValue | undefined> = { ...bindings };
    all.variables = new LazyVariables(this.#expressions, all, budget);
    return all;
  }
}

const DECLARABLE = new Set(['bool', 'bytes', 'double', 'duration', 'int', 'null', 'string', 'timestamp', 'uint', 'list', 'map', 'any']);

/** Types of libraries, optionals and objects are not kept by variables, but found at run time. */
function fieldType(type: CelType): CelType {
  return DECLARABLE.has(type.kind) ? type.with(type.parameters.map(fieldType)) : DYN;
}

class LazyVariables extends CelMap {
  readonly #values = new Map<string, CelValue | EvaluationError>();

  constructor(
    private readonly expressions: ReadonlyMap<string, Expression>,
    private readonly bindings: Bindings,
    private readonly budget: Budget,
  ) {
    super();
  }

  get size(): number {
    return this.expressions.size;
  }

  override get type(): CelType {
    return VARIABLES;
  }

  override equals(_other: CelValue): never {
    throw noSuchOverload();
  }

  keys(): Iterable<CelValue> {
    return this.expressions.keys();
  }

  find(key: CelValue): CelValue | undefined {
    const expression = typeof key === 'string' ? this.expressions.get(key) : undefined;
    if (expression === undefined || typeof key !== 'string') return undefined;
    const known = this.#values.get(key) ?? this.#evaluate(key, expression);
    this.#values.set(key, known);
    if (known instanceof EvaluationError) throw known;
    return known;
  }

  #evaluate(name: string, { program, problem }: Expression): CelValue | EvaluationError {
    if (program === undefined) return new EvaluationError(`composited variable "${name}" fails to compile: ${problem}`);
    const { value, error } = this.budget.evaluate(program, this.bindings);
    return error === undefined ? value : new EvaluationError(`composited variable "${name}" fails to evaluate: ${error}`);
  }
}

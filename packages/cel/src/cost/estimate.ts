import { type CheckedExpression, typeIn } from '../check/checked.js';
import { codePoints } from '../source/source.js';
import type { Call, Comprehension, Expression, ListLiteral, MapLiteral } from '../syntax/expression.js';
import { ACCUMULATOR } from '../syntax/macros.js';
import { type CelType, isOptional } from '../types/type.js';
import { estimateCall } from './call-estimate.js';
import { costs } from './costs.js';
import { exactly, plus, type Range, times, UNKNOWN, UNKNOWN_MAX, union } from './range.js';

/** A value as estimates know it. */
export interface Estimated {
  readonly expression: Expression | undefined;
  readonly type: CelType;
  /** How it is reached from a variable; `@items`, `@keys`, `@values` stand for any element. Absent: it is made, not read. */
  readonly path: readonly string[] | undefined;
  readonly size: Range | undefined;
}

/** Sizes of what is reached through variables. Undefined where nothing is known. */
export type SizeOf = (path: readonly string[], type: CelType) => Range | undefined;

/** The least and most that evaluating an expression can cost, in cel-go's units, before any value is known. */
export function estimateCost(checked: CheckedExpression, sizeOf: SizeOf): Range {
  return new Estimator(checked, sizeOf).cost(checked.root);
}

/** Sizes of the keys and values that a list or map has. */
interface Entries {
  readonly container: 'list' | 'map';
  readonly key: Range;
  readonly value: Range;
}

interface Local {
  readonly path: readonly string[];
  readonly size: Range | undefined;
  readonly entries: Entries | undefined;
}

export class Estimator {
  readonly #checked: CheckedExpression;
  readonly #sizeOf: SizeOf;
  readonly #paths = new Map<Expression, readonly string[]>();
  readonly #sizes = new Map<Expression, Range>();
  readonly #entries = new Map<Expression, Entries>();
  readonly #locals = new Map<string, Local[]>();

  constructor(checked: CheckedExpression, sizeOf: SizeOf) {
    this.#checked = checked;
    this.#sizeOf = sizeOf;
  }

  cost(expression: Expression): Range {
    switch (expression.kind) {
      case 'identifier':
        this.#paths.set(expression, this.#local(expression.name)?.path ?? [expression.name]);
        return exactly(costs.name);
      case 'selection':
        return this.#selection(expression);
      case 'call':
        return this.#call(expression);
      case 'list':
        return this.#list(expression);
      case 'map':
        return this.#map(expression);
      case 'struct':
        return plus(...expression.fields.map(({ value }) => this.cost(value)), exactly(costs.struct));
      case 'comprehension':
        return isBinding(expression) ? this.#binding(expression) : this.#comprehension(expression);
      default:
        return exactly(0);
    }
  }

  /** A value, for rules that go by what it is. */
  describe(expression: Expression): Estimated {
    const path = this.#path(expression);
    const made = path.length === 0 || path[0] === ACCUMULATOR;
    return {
      expression,
      type: typeIn(this.#checked, expression),
      path: made ? undefined : path,
      size: this.size(expression),
    };
  }

  /** Any element of a list. */
  element({ path, type }: Estimated): Estimated | undefined {
    const element = type.parameters[0];
    if (element === undefined) return undefined;
    const ofElement = path && [...path, '@items'];
    const size = ofElement && this.#sizeOf(ofElement, element);
    return { expression: undefined, type: element, path: ofElement, size };
  }

  size(expression: Expression): Range | undefined {
    const known = this.#sizes.get(expression) ?? literalSize(expression);
    if (known !== undefined) return known;
    const type = typeIn(this.#checked, expression);
    const path = this.#path(expression);
    const read = path.length === 0 ? undefined : this.#sizeOf(path, type);
    if (read !== undefined) {
      this.#sizes.set(expression, read);
      return read;
    }
    if (isScalar(type)) return exactly(1);
    return expression.kind === 'identifier' ? this.#local(expression.name)?.size : undefined;
  }

  entries(expression: Expression): Entries | undefined {
    return this.#entries.get(expression) ?? (expression.kind === 'identifier' ? this.#local(expression.name)?.entries : undefined);
  }

  /** What a call learned of its result. */
  learn(expression: Expression, entries: Entries | undefined): void {
    if (entries !== undefined) this.#entries.set(expression, entries);
  }

  #selection(expression: Extract<Expression, { kind: 'selection' }>): Range {
    if (this.#checked.references.get(expression) !== undefined) {
      this.#paths.set(expression, [expression.field]);
      return exactly(costs.name);
    }
    const operand = this.cost(expression.operand);
    // Asking whether a field is there costs nothing.
    if (expression.test) return operand;
    this.#paths.set(expression, [...this.#path(expression.operand), expression.field]);
    const { kind } = typeIn(this.#checked, expression.operand);
    return kind === 'map' || kind === 'struct' || kind === 'parameter' ? plus(operand, exactly(costs.select)) : operand;
  }

  #call(expression: Call): Range {
    const reference = this.#checked.references.get(expression);
    if (reference?.kind !== 'function') return exactly(0);
    const target = reference.qualified ? undefined : expression.target;
    const args = expression.args.map((arg) => this.cost(arg));
    const described = expression.args.map((arg) => this.describe(arg));
    if (reference.declaration.name === 'dyn') {
      const [arg] = expression.args as readonly [Expression];
      this.#copy(expression, arg);
      return plus(exactly(costs.call), ...args);
    }
    const ofTarget = target === undefined ? exactly(0) : this.cost(target);
    const subject = target && this.describe(target);
    let cost: Range = { min: UNKNOWN_MAX, max: 0 };
    let size: Range | undefined;
    for (const { id } of reference.overloads) {
      const call = { expression, name: reference.declaration.name, overload: id, target: subject, args: described, argCosts: args };
      const estimate = estimateCall(this, call);
      cost = union(cost, estimate.cost);
      if (estimate.size !== undefined) size = size === undefined ? estimate.size : union(size, estimate.size);
      const [container] = expression.args;
      if ((id === 'index_list' || id === 'index_map') && container !== undefined) {
        size = this.entries(container)?.value;
        this.#paths.set(expression, [...this.#path(container), id === 'index_list' ? '@items' : '@values']);
      }
      size ??= this.size(expression);
    }
    if (size !== undefined) this.#sizes.set(expression, size);
    return plus(ofTarget, cost);
  }

  #list(expression: ListLiteral): Range {
    const elements = expression.elements.map(({ value }) => value);
    const cost = plus(...elements.map((element) => this.cost(element)), exactly(costs.list));
    this.#entries.set(expression, { container: 'list', key: exactly(1), value: this.#joined(elements) });
    return cost;
  }

  #map(expression: MapLiteral): Range {
    const { entries } = expression;
    const cost = plus(...entries.flatMap(({ key, value }) => [this.cost(key), this.cost(value)]), exactly(costs.map));
    const [keys, values] = [entries.map(({ key }) => key), entries.map(({ value }) => value)];
    this.#entries.set(expression, { container: 'map', key: this.#joined(keys), value: this.#joined(values) });
    return cost;
  }

  /** The size of any of some values. */
  #joined(expressions: readonly Expression[]): Range {
    if (expressions.length === 0) return exactly(0);
    return expressions.map((one) => this.size(one) ?? UNKNOWN).reduce(union);
  }

  #comprehension(loop: Comprehension): Range {
    const before = plus(this.cost(loop.range), this.cost(loop.initial));
    this.#push(loop.accumulator, this.#asLocal(loop.initial));
    const ranged = this.entries(loop.range);
    const container = ranged?.container ?? typeIn(this.#checked, loop.range).kind;
    const part = (segment: string, size: Range | undefined): Local => ({
      path: [...this.#path(loop.range), segment],
      size,
      entries: undefined,
    });
    const isList = container === 'list';
    const value = part(isList ? '@items' : '@values', ranged?.value);
    const key = part(isList ? '@indices' : '@keys', ranged?.key);
    this.#push(loop.variable, loop.secondVariable === undefined && isList ? value : key);
    if (loop.secondVariable !== undefined) this.#push(loop.secondVariable, value);
    const turn = plus(this.cost(loop.condition), this.cost(loop.step));
    this.#pop(loop.variable);
    if (loop.secondVariable !== undefined) this.#pop(loop.secondVariable);
    const result = this.cost(loop.result);
    this.#pop(loop.accumulator);
    const turns = this.size(loop.range) ?? UNKNOWN;
    this.#learnLoop(loop, turns);
    return plus(before, result, times(turns, turn));
  }

  #learnLoop(loop: Comprehension, turns: Range): void {
    if (loop.initial.kind === 'literal') {
      const size = this.size(loop.initial);
      if (size !== undefined) this.#sizes.set(loop, size);
    } else if (loop.initial.kind === 'list' || loop.initial.kind === 'map') {
      this.#sizes.set(loop, turns);
      this.learn(loop, this.entries(loop.step));
    }
  }

  #binding(binding: Comprehension): Range {
    const cost = plus(this.cost(binding.range), this.cost(binding.initial));
    this.#push(binding.accumulator, this.#asLocal(binding.initial));
    const result = this.cost(binding.result);
    this.#pop(binding.accumulator);
    this.#copy(binding, binding.result);
    return plus(cost, result);
  }

  #asLocal(expression: Expression): Local {
    return { path: this.#path(expression), size: this.size(expression), entries: this.entries(expression) };
  }

  #copy(to: Expression, from: Expression): void {
    const size = this.size(from);
    if (size !== undefined) this.#sizes.set(to, size);
    this.learn(to, this.entries(from));
  }

  #path(expression: Expression): readonly string[] {
    const local = expression.kind === 'identifier' ? this.#local(expression.name) : undefined;
    return local?.path ?? this.#paths.get(expression) ?? [];
  }

  #local(name: string): Local | undefined {
    return this.#locals.get(name)?.at(-1);
  }

  #push(name: string, local: Local): void {
    this.#locals.set(name, [...(this.#locals.get(name) ?? []), local]);
  }

  #pop(name: string): void {
    this.#locals.get(name)?.pop();
  }
}

/** A loop over nothing that only gives a value a name. */
function isBinding({ range, condition, accumulator }: Comprehension): boolean {
  const emptyRange = range.kind === 'list' && range.elements.length === 0;
  return emptyRange && condition.kind === 'literal' && condition.value === false && accumulator !== ACCUMULATOR;
}

function literalSize(expression: Expression): Range | undefined {
  switch (expression.kind) {
    case 'list':
      return exactly(expression.elements.length);
    case 'map':
      return exactly(expression.entries.length);
    case 'literal':
      if (typeof expression.value === 'string') return exactly(codePoints(expression.value));
      return exactly(expression.value instanceof Uint8Array ? expression.value.length : 1);
    default:
      return undefined;
  }
}

const SCALARS = new Set(['bool', 'double', 'duration', 'int', 'timestamp', 'uint']);

function isScalar(type: CelType): boolean {
  return SCALARS.has(type.kind) || (isOptional(type) && isScalar(type.parameters[0] as CelType));
}

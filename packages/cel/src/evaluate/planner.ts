import { type CheckedExpression, type Reference, typeIn } from '../check/checked.js';
import { type CallCost, callCost } from '../cost/call-cost.js';
import { costs } from '../cost/costs.js';
import { MAP_INSERT } from '../library/extensions/map-insert.js';
import type { Call, Comprehension, Expression, ListLiteral, MapLiteral, Selection, StructLiteral } from '../syntax/expression.js';
import { Operator } from '../syntax/operators.js';
import type { Mapping } from '../values/collections.js';
import { display } from '../values/display.js';
import { EvaluationError, noSuchOverload } from '../values/evaluation-error.js';
import { MapLiteral as MapValue } from '../values/map-literal.js';
import { type CelValue, Optional } from '../values/value.js';
import { type Callee, dispatch } from './dispatch.js';
import { fold } from './fold.js';
import { constantMembership } from './membership.js';
import { type Code, Run } from './run.js';
import { has, select, selectOptionally } from './select.js';

/** A node that is ready to be evaluated. */
interface Plan {
  readonly code: Code;
  /** Known without evaluating. */
  readonly constant?: { readonly value: CelValue };
  /**
   * Of a variable and what is selected from it: without the cost of reading it, which is charged once for the whole
   * chain, and not at all for the branches of a conditional.
   */
  readonly uncharged?: Code;
}

interface Scope {
  readonly slots: ReadonlyMap<string, number>;
  readonly outer: Scope | undefined;
}

/** Compiles a checked expression into closures, which count what they cost the way cel-go does. */
export function plan(checked: CheckedExpression): Code {
  return new Planner(checked).plan(checked.root).code;
}

class Planner {
  readonly #checked: CheckedExpression;
  #scope: Scope | undefined;
  #slots = 0;
  /** The accumulators of loops that build a list or map, which may change it in place. */
  readonly #growing = new Set<number>();

  constructor(checked: CheckedExpression) {
    this.#checked = checked;
  }

  plan(expression: Expression): Plan {
    switch (expression.kind) {
      case 'literal':
        return constant(expression.value);
      case 'identifier':
        return this.#name(expression.name, this.#checked.references.get(expression));
      case 'selection':
        return this.#selection(expression);
      case 'call':
        return this.#call(expression);
      case 'list':
        return this.#list(expression);
      case 'map':
        return this.#map(expression);
      case 'struct':
        return this.#struct(expression);
      case 'comprehension':
        return this.#comprehension(expression);
      case 'broken':
        throw new Error('an expression with errors cannot be evaluated');
    }
  }

  #name(written: string, reference: Reference | undefined): Plan {
    if (reference?.kind === 'type') return constant(reference.type);
    const name = reference?.kind === 'variable' ? reference.name : written;
    for (let scope = this.#scope; scope !== undefined; scope = scope.outer) {
      const slot = scope.slots.get(name);
      if (slot !== undefined) return attribute((run) => local(run, slot));
    }
    return attribute((run) => {
      const value = run.bindings[name];
      if (value === undefined) throw new EvaluationError(`no such attribute(s): ${name}`);
      return value;
    });
  }

  #selection(expression: Selection): Plan {
    const reference = this.#checked.references.get(expression);
    if (reference !== undefined) return this.#name(expression.field, reference);
    const operand = this.plan(expression.operand);
    const { field } = expression;
    const container = operand.uncharged ?? operand.code;
    if (expression.test) {
      const code: Code = (run) => {
        const value = container(run);
        run.charge(costs.select);
        return has(value, field);
      };
      return { code };
    }
    return selected(operand, (run) => {
      const value = container(run);
      run.charge(costs.select);
      return select(value, field);
    });
  }

  #call(expression: Call): Plan {
    const reference = this.#checked.references.get(expression) as Extract<Reference, { kind: 'function' }>;
    const target = reference.qualified ? undefined : expression.target;
    const args = (target === undefined ? expression.args : [target, ...expression.args]).map((arg) => this.plan(arg));
    switch (reference.declaration.name) {
      case Operator.And:
        return { code: logic(args as [Plan, Plan], false) };
      case Operator.Or:
        return { code: logic(args as [Plan, Plan], true) };
      case Operator.Conditional:
        return conditional(args as [Plan, Plan, Plan]);
      case Operator.Index:
        return index(args as [Plan, Plan], select);
      case Operator.OptionalIndex:
      case Operator.OptionalSelect:
        return index(args as [Plan, Plan], selectOptionally);
      case Operator.NotStrictlyFalse:
        return { code: notStrictlyFalse((args[0] as Plan).code) };
      default:
        return this.#ordinaryCall(expression, reference, args);
    }
  }

  #ordinaryCall(expression: Call, reference: Extract<Reference, { kind: 'function' }>, args: readonly Plan[]): Plan {
    const { declaration, overloads } = reference;
    const id = overloads.length === 1 ? overloads[0]?.id : undefined;
    if (id === 'optional_or_optional') return { code: orElse(args as [Plan, Plan], (found) => found) };
    if (id === 'optional_orValue_value') return { code: orElse(args as [Plan, Plan], (found) => found.value as CelValue) };
    const members = declaration.name === Operator.In ? constantMembership(args[1]?.constant?.value) : undefined;
    if (members !== undefined) {
      const { code } = args[0] as Plan;
      return { code: (run) => members(code(run)) };
    }
    const growing = this.#growth(expression, args);
    if (growing !== undefined) return { code: growing };
    const callee = dispatch(declaration, overloads);
    if (CONVERSIONS.has(declaration.name) && args[0]?.constant !== undefined) return converted(callee, args[0].constant.value);
    return { code: call(args, callee, callCost(declaration.name, id)) };
  }

  /** Adding to what a loop builds, in its step: changes it in place instead of making a copy each time. */
  #growth(expression: Call, args: readonly Plan[]): Code | undefined {
    const [target] = expression.args;
    const slot = target?.kind === 'identifier' ? this.#scope?.outer?.slots.get(target.name) : undefined;
    if (slot === undefined || !this.#growing.has(slot)) return undefined;
    const more = args.slice(1).map(({ code }) => code) as [Code, Code?];
    if (expression.function === Operator.Add) return append(slot, more[0]);
    return expression.function === MAP_INSERT ? insert(slot, more) : undefined;
  }

  #list(expression: ListLiteral): Plan {
    const elements = expression.elements.map(({ value, optional }) => ({ ...this.plan(value), optional }));
    const code: Code = (run) => {
      const values: CelValue[] = [];
      for (const element of elements) {
        const value = element.code(run);
        if (!element.optional) values.push(value);
        else if (!(value instanceof Optional)) throw notOptional('list element', value);
        else if (value.value !== undefined) values.push(value.value);
      }
      run.charge(costs.list);
      return values;
    };
    // A new one each time, since loops append to it.
    if (elements.length === 0) return { code: () => [], constant: { value: [] } };
    const constants = elements.map(({ constant, optional }) => (optional ? undefined : constant));
    if (constants.some((known) => known === undefined)) return { code };
    return constant(constants.map((known) => known?.value));
  }

  #map(expression: MapLiteral): Plan {
    const entries = expression.entries.map(({ key, value, optional }) => ({ key: this.plan(key), value: this.plan(value), optional }));
    const build = (run: Run) => {
      const map = new MapValue();
      for (const entry of entries) {
        const key = entry.key.code(run);
        const value = entry.value.code(run);
        if (!entry.optional) map.set(key, value);
        else if (!(value instanceof Optional)) throw notOptional(`entry '${display(key)}'`, value);
        else if (value.value === undefined) map.delete(key);
        else map.set(key, value.value);
      }
      return map;
    };
    const code: Code = (run) => {
      const map = build(run);
      run.charge(costs.map);
      return map;
    };
    if (entries.length === 0) return { code: build };
    const known = entries.every(({ key, value, optional }) => key.constant !== undefined && value.constant !== undefined && !optional);
    return known ? constant(build(new Run({}, 0))) : { code };
  }

  #struct(expression: StructLiteral): Plan {
    const type = typeIn(this.#checked, expression);
    const declaration = this.#checked.environment.struct(type.name);
    const fields = expression.fields.map(({ name, value, optional }) => ({ name, code: this.plan(value).code, optional }));
    return {
      code: (run) => {
        const values = new Map<string, CelValue>();
        for (const { name, code, optional } of fields) {
          const value = code(run);
          if (!optional) values.set(name, value);
          else if (!(value instanceof Optional)) throw notOptional(`entry '${name}'`, value);
          else if (value.value !== undefined) values.set(name, value.value);
        }
        run.charge(costs.struct);
        if (declaration?.construct === undefined) throw new EvaluationError(`unknown type: ${type.name}`);
        return declaration.construct(values);
      },
    };
  }

  #comprehension(expression: Comprehension): Plan {
    const range = this.plan(expression.range).code;
    const initial = this.plan(expression.initial).code;
    const accumulator = this.#slots++;
    if (isEmptyLiteral(expression.initial)) this.#growing.add(accumulator);
    this.#scope = { slots: new Map([[expression.accumulator, accumulator]]), outer: this.#scope };
    const variable = this.#slots++;
    const slots = new Map([[expression.variable, variable]]);
    const second = expression.secondVariable === undefined ? undefined : this.#slots++;
    if (expression.secondVariable !== undefined) slots.set(expression.secondVariable, second as number);
    this.#scope = { slots, outer: this.#scope };
    const condition = this.plan(expression.condition).code;
    const step = this.plan(expression.step).code;
    this.#scope = this.#scope.outer;
    const result = this.plan(expression.result).code;
    this.#scope = this.#scope?.outer;
    return { code: fold({ range, initial, accumulator, variable, second, condition, step, result }) };
  }
}

/** What macros that build a list or a map begin with. Each evaluation makes a new one. */
function isEmptyLiteral(expression: Expression): boolean {
  if (expression.kind === 'list') return expression.elements.length === 0;
  return expression.kind === 'map' && expression.entries.length === 0;
}

function append(slot: number, more: Code): Code {
  return (run) => {
    const list = local(run, slot) as CelValue[];
    for (const element of more(run) as readonly CelValue[]) list.push(element);
    run.charge(costs.name + costs.call);
    return list;
  };
}

function insert(slot: number, [first, second]: [Code, Code?]): Code {
  return (run) => {
    const map = local(run, slot) as MapValue;
    const added = first(run);
    if (second === undefined) map.insertAll(added as Mapping);
    else map.insert(added, second(run));
    run.charge(costs.name + costs.call);
    return map;
  };
}

function constant(value: CelValue): Plan {
  return { code: () => value, constant: { value } };
}

function local(run: Run, slot: number): CelValue {
  const value = run.locals[slot] as CelValue | EvaluationError;
  if (value instanceof EvaluationError) throw value;
  return value;
}

/** Something that is read for the price of a name, once for all that is selected from it. */
function attribute(uncharged: Code): Plan {
  return {
    uncharged,
    code: (run) => {
      run.charge(costs.name);
      return uncharged(run);
    },
  };
}

/** What is selected from an operand. Conditionals have no price of their own, and neither has what is selected from one. */
function selected(operand: Plan, uncharged: Code): Plan {
  return operand.uncharged !== undefined && operand.uncharged === operand.code ? { code: uncharged, uncharged } : attribute(uncharged);
}

function index([operand, key]: [Plan, Plan], get: typeof select): Plan {
  const container = operand.uncharged ?? operand.code;
  const at = key.uncharged ?? key.code;
  return selected(operand, (run) => {
    const value = container(run);
    const index = at(run);
    run.charge(costs.select);
    return get(value, index);
  });
}

function conditional([condition, truthy, falsy]: [Plan, Plan, Plan]): Plan {
  const test = condition.code;
  const then = truthy.uncharged ?? truthy.code;
  const otherwise = falsy.uncharged ?? falsy.code;
  const code: Code = (run) => {
    const value = test(run);
    if (typeof value !== 'boolean') throw noSuchOverload();
    return value ? then(run) : otherwise(run);
  };
  return { code, uncharged: code };
}

/** `&&` and `||`: a term that decides absorbs what is wrong with the other. */
function logic([left, right]: [Plan, Plan], decisive: boolean): Code {
  const terms = [left.code, right.code];
  return (run) => {
    let failure: EvaluationError | undefined;
    for (const term of terms) {
      try {
        const value = term(run);
        if (value === decisive) return decisive;
        if (typeof value !== 'boolean') failure ??= noSuchOverload();
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    return !decisive;
  };
}

function notStrictlyFalse(arg: Code): Code {
  return (run) => {
    run.charge(costs.call);
    try {
      return arg(run) !== false;
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      return true;
    }
  };
}

/** `a.or(b)` and `a.orValue(b)`: looks at b only when it has to. */
function orElse([left, right]: [Plan, Plan], use: (found: Optional) => CelValue): Code {
  return (run) => {
    const value = left.code(run);
    if (!(value instanceof Optional)) return value;
    return value.value === undefined ? right.code(run) : use(value);
  };
}

/** What arguments make a call cost is charged before it, so that a call that costs too much is not made. */
function call(args: readonly Plan[], callee: Callee, cost: CallCost): Code {
  const codes = args.map(({ code }) => code);
  const [first, second] = codes as [Code, Code];
  if (typeof cost === 'object') {
    return (run) => {
      const result = run.made(callee(...codes.map((code) => code(run))));
      run.charge(cost.ofResult(result));
      return result;
    };
  }
  const price = typeof cost === 'number' ? () => cost : cost;
  if (codes.length === 1) {
    return (run) => {
      const value = first(run);
      run.charge(price([value]));
      return run.made(callee(value));
    };
  }
  if (codes.length === 2) {
    return (run) => {
      const left = first(run);
      const right = second(run);
      run.charge(price([left, right]));
      return run.made(callee(left, right));
    };
  }
  return (run) => {
    const values = codes.map((code) => code(run));
    run.charge(price(values));
    return run.made(callee(...values));
  };
}

/** Conversions of constants are made once, and cost nothing. One that fails does so whenever it is evaluated. */
const CONVERSIONS = new Set(['bool', 'bytes', 'double', 'duration', 'dyn', 'int', 'string', 'timestamp', 'type', 'uint']);

function converted(callee: Callee, value: CelValue): Plan {
  try {
    return constant(callee(value));
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return {
      code: () => {
        throw error;
      },
    };
  }
}

function notOptional(what: string, value: CelValue): EvaluationError {
  return new EvaluationError(`cannot initialize optional ${what} from non-optional value ${display(value)}`);
}

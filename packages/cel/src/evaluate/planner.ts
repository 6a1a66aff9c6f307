import { type CheckedExpression, type Reference, typeIn } from '../check/checked.js';
import { callCost } from '../cost/call-cost.js';
import { costs } from '../cost/costs.js';
import { MAP_INSERT } from '../library/extensions/map-insert.js';
import type { Call, Comprehension, Expression, ListLiteral, MapLiteral, Selection, StructLiteral } from '../syntax/expression.js';
import { Operator } from '../syntax/operators.js';
import { display } from '../values/display.js';
import { EvaluationError } from '../values/evaluation-error.js';
import { MapLiteral as MapValue } from '../values/map-literal.js';
import { type CelValue, Optional } from '../values/value.js';
import { CONVERSIONS, call, matching } from './call.js';
import { dispatch } from './dispatch.js';
import { fold } from './fold.js';
import { append, insert } from './growing.js';
import { logic, notStrictlyFalse, orElse } from './logic.js';
import { constantMembership } from './membership.js';
import { attribute, charged, conditional, constant, index, local, type Plan, selected } from './plan.js';
import { type Code, Run } from './run.js';
import { has, select, selectOptionally } from './select.js';

interface Scope {
  readonly slots: ReadonlyMap<string, number>;
  readonly outer: Scope | undefined;
}

/**
 * Compiles a checked expression into closures, which count what they cost the way cel-go does. Throws EvaluationError
 * where a constant in it is of no use.
 */
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
      return { code: (run) => has(run, container(run), field) };
    }
    return selected(operand, (run) => select(run, container(run), field));
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
    if (CONVERSIONS.has(declaration.name) && args[0]?.constant !== undefined) return constant(callee(args[0].constant.value));
    return { code: call(args, matching(declaration.name, args, callee), callCost(declaration.name, id)) };
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
    const code = charged(costs.list, (run) => {
      const values: CelValue[] = [];
      for (const element of elements) {
        const value = element.code(run);
        if (!element.optional) values.push(value);
        else if (!(value instanceof Optional)) throw notOptional('list element', value);
        else if (value.value !== undefined) values.push(value.value);
      }
      return values;
    });
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
    if (entries.length === 0) return { code: build, constant: { value: new MapValue() } };
    const known = entries.every(({ key, value, optional }) => key.constant !== undefined && value.constant !== undefined && !optional);
    return known ? constant(build(new Run({}, 0))) : { code: charged(costs.map, build) };
  }

  #struct(expression: StructLiteral): Plan {
    const type = typeIn(this.#checked, expression);
    const declaration = this.#checked.environment.struct(type.name);
    const fields = expression.fields.map(({ name, value, optional }) => ({ name, code: this.plan(value).code, optional }));
    const code = charged(costs.struct, (run) => {
      const values = new Map<string, CelValue>();
      for (const { name, code, optional } of fields) {
        const value = code(run);
        if (!optional) values.set(name, value);
        else if (!(value instanceof Optional)) throw notOptional(`entry '${name}'`, value);
        else if (value.value !== undefined) values.set(name, value.value);
      }
      if (declaration?.construct === undefined) throw new EvaluationError(`unknown type: ${type.name}`);
      return declaration.construct(values);
    });
    return { code };
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

function notOptional(what: string, value: CelValue): EvaluationError {
  return new EvaluationError(`cannot initialize optional ${what} from non-optional value ${display(value)}`);
}

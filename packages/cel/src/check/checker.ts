import type { FunctionDeclaration, Overload } from '../environment/declarations.js';
import type { Environment, Identified } from '../environment/environment.js';
import type { Issues } from '../source/issues.js';
import type {
  Call,
  Comprehension,
  Expression,
  Identifier,
  ListLiteral,
  MapLiteral,
  Selection,
  StructLiteral,
} from '../syntax/expression.js';
import { Operator } from '../syntax/operators.js';
import type { ParsedExpression } from '../syntax/parser.js';
import {
  BOOL,
  type CelType,
  DYN,
  ERROR,
  INT,
  isDyn,
  isOptional,
  listOf,
  mapOf,
  optionalOf,
  sameType,
  structType,
  withoutOptional,
} from '../types/type.js';
import { runtimeType } from '../values/runtime-type.js';
import type { CheckedExpression, Reference } from './checked.js';
import { mostGeneral, Substitutions } from './substitutions.js';

/** Finds the type of every node and the meaning of every name, and reports what has none. */
export function check(parsed: ParsedExpression, environment: Environment): CheckedExpression {
  const checker = new Checker(environment, parsed.issues);
  return { source: parsed.source, root: parsed.root, environment, ...checker.check(parsed.root) };
}

interface Scope {
  readonly variables: ReadonlyMap<string, CelType>;
  readonly outer: Scope | undefined;
}

class Checker {
  readonly #environment: Environment;
  readonly #issues: Issues;
  readonly #types = new Map<Expression, CelType>();
  readonly #references = new Map<Expression, Reference>();
  readonly #substitutions = new Substitutions();
  #scope: Scope | undefined;

  constructor(environment: Environment, issues: Issues) {
    this.#environment = environment;
    this.#issues = issues;
  }

  check(root: Expression): Pick<CheckedExpression, 'types' | 'references'> {
    this.#check(root);
    for (const [expression, type] of this.#types) this.#types.set(expression, this.#substitutions.apply(type, true));
    return { types: this.#types, references: this.#references };
  }

  #check(expression: Expression): CelType {
    const type = this.#typeOf(expression);
    this.#types.set(expression, type);
    return type;
  }

  #typeOf(expression: Expression): CelType {
    switch (expression.kind) {
      case 'literal':
        return runtimeType(expression.value);
      case 'identifier':
        return this.#identifier(expression);
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
        return ERROR;
    }
  }

  #identifier(expression: Identifier): CelType {
    const found = this.#lookup(expression.name);
    if (found === undefined) return this.#undeclared(expression, expression.name);
    this.#refer(expression, withoutDot(expression.name), found);
    return found.type;
  }

  #refer(expression: Expression, name: string, found: Identified): void {
    this.#references.set(expression, found.value === undefined ? { kind: 'variable', name } : { kind: 'type', type: found.value });
  }

  #lookup(name: string): Identified | undefined {
    if (name.startsWith('.')) return this.#environment.identifier(name.slice(1));
    for (let scope = this.#scope; scope !== undefined; scope = scope.outer) {
      const type = scope.variables.get(name);
      if (type !== undefined) return { type };
    }
    return this.#environment.identifier(name);
  }

  #selection(expression: Selection): CelType {
    const qualified = expression.test ? undefined : qualifiedName(expression);
    const found = qualified === undefined ? undefined : this.#lookup(qualified);
    if (found !== undefined && qualified !== undefined) {
      this.#refer(expression, withoutDot(qualified), found);
      return found.type;
    }
    const type = this.#field(expression, expression.operand, expression.field, false);
    return expression.test ? BOOL : this.#substitutions.apply(type);
  }

  #field(expression: Expression, operand: Expression, field: string, optional: boolean): CelType {
    const type = this.#substitutions.apply(this.#check(operand));
    const result = this.#fieldType(expression, withoutOptional(type), field);
    return optional || isOptional(type) ? optionalOf(result) : result;
  }

  #fieldType(expression: Expression, target: CelType, field: string): CelType {
    switch (target.kind) {
      case 'map':
        return target.parameters[1] as CelType;
      case 'struct':
        return this.#structField(expression, target.name, field);
      case 'parameter':
        this.#substitutions.assignable(DYN, target);
        return DYN;
      default:
        if (!isDyn(target) && target.kind !== 'error') this.#report(expression, `type '${target}' does not support field selection`);
        return DYN;
    }
  }

  #structField(at: { readonly at: number }, struct: string, field: string): CelType {
    const declaration = this.#environment.struct(struct);
    const type = declaration?.field(field);
    if (type !== undefined) return type;
    this.#report(at, declaration === undefined ? `unexpected failed resolution of '${struct}'` : `undefined field '${field}'`);
    return ERROR;
  }

  #call(expression: Call): CelType {
    if (expression.function === Operator.OptionalSelect) return this.#optionalSelect(expression);
    for (const arg of expression.args) this.#check(arg);
    const { target } = expression;
    const name = withoutDot(expression.function);
    if (target === undefined) {
      const declaration = this.#environment.functions.get(name);
      return declaration === undefined ? this.#undeclared(expression, expression.function) : this.#resolve(expression, declaration, false);
    }
    const prefix = qualifiedName(target);
    const qualified = prefix === undefined ? undefined : this.#environment.functions.get(`${withoutDot(prefix)}.${name}`);
    if (qualified !== undefined) return this.#resolve(expression, qualified, true);
    this.#check(target);
    const declaration = this.#environment.functions.get(name);
    return declaration === undefined ? this.#undeclared(expression, name) : this.#resolve(expression, declaration, false);
  }

  #optionalSelect(expression: Call): CelType {
    const [operand, field] = expression.args as readonly [Expression, Expression];
    const name = field.kind === 'literal' ? String(field.value) : '';
    const declaration = this.#environment.functions.get(Operator.OptionalSelect);
    if (declaration !== undefined) {
      this.#references.set(expression, { kind: 'function', declaration, overloads: declaration.overloads, qualified: false });
    }
    return this.#substitutions.apply(this.#field(expression, operand, name, true));
  }

  #resolve(expression: Call, declaration: FunctionDeclaration, qualified: boolean): CelType {
    const target = qualified ? undefined : expression.target;
    const operands = target === undefined ? expression.args : [target, ...expression.args];
    if (declaration.name === Operator.And || declaration.name === Operator.Or) return this.#logic(expression, declaration, operands);
    const types = operands.map((operand) => this.#types.get(operand) as CelType);
    const overloads: Overload[] = [];
    let result: CelType | undefined;
    for (const overload of declaration.overloads) {
      if (overload.member !== (target !== undefined)) continue;
      const { args, result: declared } = this.#instantiate(overload);
      if (!this.#substitutions.allAssignable(types, args)) continue;
      overloads.push(overload);
      const type = this.#substitutions.apply(declared);
      if (result === undefined) result = type;
      else if (!isDyn(result) && !sameType(type, result)) result = DYN;
    }
    if (result === undefined) {
      this.#report(expression, `found no matching overload for '${declaration.name}' applied to '${this.#signature(types, target)}'`);
      return ERROR;
    }
    this.#references.set(expression, { kind: 'function', declaration, overloads, qualified });
    return result;
  }

  #logic(expression: Call, declaration: FunctionDeclaration, operands: readonly Expression[]): CelType {
    let sound = true;
    for (const operand of operands) {
      const type = this.#types.get(operand) as CelType;
      if (this.#substitutions.assignable(type, BOOL)) continue;
      this.#mismatch(operand, BOOL, type);
      sound = false;
    }
    if (!sound) return ERROR;
    this.#references.set(expression, { kind: 'function', declaration, overloads: declaration.overloads, qualified: false });
    return BOOL;
  }

  /** The overload with parameters of its own, where it has any. */
  #instantiate(overload: Overload): { args: readonly CelType[]; result: CelType } {
    const fresh = new Map<string, CelType>();
    const replace = (type: CelType): CelType => {
      if (type.kind === 'parameter') {
        const known = fresh.get(type.name) ?? this.#substitutions.newParameter();
        fresh.set(type.name, known);
        return known;
      }
      if (type.parameters.length === 0) return type;
      const parameters = type.parameters.map(replace);
      return parameters.every((parameter, i) => parameter === type.parameters[i]) ? type : type.with(parameters);
    };
    return { args: overload.args.map(replace), result: replace(overload.result) };
  }

  #signature(types: readonly CelType[], target: Expression | undefined): string {
    const names = types.map((type) => String(this.#substitutions.apply(type, true)));
    return target === undefined ? `(${names.join(', ')})` : `${names[0]}.(${names.slice(1).join(', ')})`;
  }

  #list(expression: ListLiteral): CelType {
    let joined: CelType | undefined;
    for (const { value, optional } of expression.elements) {
      const type = this.#check(value);
      joined = this.#join(joined, optional ? this.#unwrapped(value, type) : type);
    }
    return listOf(joined ?? this.#substitutions.newParameter());
  }

  #map(expression: MapLiteral): CelType {
    let keys: CelType | undefined;
    let values: CelType | undefined;
    for (const { key, value, optional } of expression.entries) {
      keys = this.#join(keys, this.#check(key));
      const type = this.#check(value);
      values = this.#join(values, optional ? this.#unwrapped(value, type) : type);
    }
    return mapOf(keys ?? this.#substitutions.newParameter(), values ?? this.#substitutions.newParameter());
  }

  /** What an optional holds, where an optional is asked for. */
  #unwrapped(expression: Expression, type: CelType): CelType {
    if (!isOptional(type) && !isDyn(type)) this.#mismatch(expression, optionalOf(type), type);
    return withoutOptional(type);
  }

  /** The type of elements of which some were seen before. That Kubernetes allows but one in most literals is judged later. */
  #join(previous: CelType | undefined, current: CelType): CelType {
    if (previous === undefined) return current;
    return this.#substitutions.assignable(previous, current) ? mostGeneral(previous, current) : DYN;
  }

  #struct(expression: StructLiteral): CelType {
    const found = this.#lookup(expression.type);
    if (found === undefined) {
      this.#undeclared(expression, expression.type);
      return ERROR;
    }
    const type = this.#structType(expression, found);
    for (const field of expression.fields) {
      const value = this.#check(field.value);
      const declared = type === ERROR ? ERROR : this.#structField(field, type.name, field.name);
      const actual = field.optional ? this.#unwrapped(field.value, value) : value;
      if (this.#substitutions.assignable(declared, actual)) continue;
      this.#report(field, `expected type of field '${field.name}' is '${declared}' but provided type is '${actual}'`);
    }
    return type;
  }

  #structType(expression: StructLiteral, found: Identified): CelType {
    if (found.value?.kind === 'struct') {
      this.#references.set(expression, { kind: 'type', type: found.value });
      return structType(found.value.name);
    }
    this.#report(expression, found.value === undefined ? `'${found.type}' is not a type` : `'${found.value.name}' is not a message type`);
    return ERROR;
  }

  #comprehension(expression: Comprehension): CelType {
    const range = this.#substitutions.apply(this.#check(expression.range));
    const accumulator = this.#check(expression.initial);
    const [first, second] = this.#iterated(expression, range);
    this.#enter([[expression.accumulator, accumulator]]);
    this.#enter([
      [expression.variable, expression.secondVariable === undefined ? first : second === undefined ? INT : first],
      ...(expression.secondVariable === undefined ? [] : ([[expression.secondVariable, second ?? first]] as const)),
    ]);
    this.#assert(expression.condition, BOOL);
    this.#assert(expression.step, accumulator);
    this.#leave();
    const result = this.#check(expression.result);
    this.#leave();
    return this.#substitutions.apply(result);
  }

  /** Elements of a list; keys and values of a map. */
  #iterated(expression: Comprehension, range: CelType): readonly [CelType, CelType?] {
    switch (range.kind) {
      case 'list':
        return [range.parameters[0] as CelType];
      case 'map':
        return range.parameters as readonly [CelType, CelType];
      case 'dyn':
      case 'any':
      case 'error':
      case 'parameter':
        this.#substitutions.assignable(DYN, range);
        return [DYN, DYN];
      default:
        this.#report(expression.range, `expression of type '${range}' cannot be range of a comprehension (must be list, map, or dynamic)`);
        return [ERROR, ERROR];
    }
  }

  #assert(expression: Expression, type: CelType): void {
    const actual = this.#check(expression);
    if (!this.#substitutions.assignable(type, actual)) this.#mismatch(expression, type, actual);
  }

  #enter(variables: Iterable<readonly [string, CelType]>): void {
    this.#scope = { variables: new Map(variables), outer: this.#scope };
  }

  #leave(): void {
    this.#scope = this.#scope?.outer;
  }

  #undeclared(expression: Expression, name: string): CelType {
    this.#report(expression, `undeclared reference to '${name}' (in container '')`);
    return ERROR;
  }

  #mismatch(expression: Expression, expected: CelType, actual: CelType): void {
    this.#report(expression, `expected type '${expected}' but found '${actual}'`);
  }

  #report({ at }: { readonly at: number }, message: string): void {
    this.#issues.report(message, at);
  }
}

/** `a.b.c`, where an expression is made of names alone. */
function qualifiedName(expression: Expression): string | undefined {
  if (expression.kind === 'identifier') return expression.name;
  if (expression.kind !== 'selection' || expression.test) return undefined;
  const operand = qualifiedName(expression.operand);
  return operand === undefined ? undefined : `${operand}.${expression.field}`;
}

function withoutDot(name: string): string {
  return name.startsWith('.') ? name.slice(1) : name;
}

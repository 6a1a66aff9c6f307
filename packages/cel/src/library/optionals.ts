import { declare, type FunctionDeclaration, method, overload } from '../environment/declarations.js';
import type { Library } from '../environment/environment.js';
import type { Expression } from '../syntax/expression.js';
import { Builder, type Expander, MacroError, macroKey } from '../syntax/macros.js';
import { Operator } from '../syntax/operators.js';
import { BOOL, DYN, INT, listOf, mapOf, OPTIONAL, optionalOf, STRING, typeParameter } from '../types/type.js';
import { elementAt, elements, type List, listSize, mapSize } from '../values/collections.js';
import { display } from '../values/display.js';
import { Duration } from '../values/duration.js';
import { EvaluationError } from '../values/evaluation-error.js';
import { MapLiteral } from '../values/map-literal.js';
import { type CelValue, Double, isJsonMap, Optional, Uint } from '../values/value.js';

const K = typeParameter('K');
const V = typeParameter('V');
const OPTIONAL_V = optionalOf(V);
const LIST_V = listOf(V);
const MAP_KV = mapOf(K, V);

function held(optional: Optional): CelValue {
  if (optional.value === undefined) throw new EvaluationError('optional.none() dereference');
  return optional.value;
}

/** Zero, false, nothing, or empty; but lists and objects of a schema are something. */
function isZero(value: CelValue): boolean {
  if (value === null || value === false || value === '' || value === 0) return true;
  if (typeof value !== 'object') return false;
  if (value instanceof Double) return value.value === 0;
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof Duration) return value.nanos === 0n;
  if (value instanceof Uint8Array) return value.length === 0;
  if (Array.isArray(value)) return value.length === 0;
  return (value instanceof MapLiteral || isJsonMap(value)) && mapSize(value) === 0;
}

function unwrapped(list: List): CelValue {
  return [...elements(list)].flatMap((element) => {
    if (!(element instanceof Optional)) throw new EvaluationError(`value ${display(element)} is not optional`);
    return element.value === undefined ? [] : [element.value];
  });
}

function elementOf(at: (size: number) => number): (list: List) => Optional {
  return (list) => (listSize(list) === 0 ? Optional.none : Optional.of(elementAt(list, at(listSize(list)))));
}

const FUNCTIONS: readonly FunctionDeclaration[] = [
  declare('optional.of', overload('optional_of', [V], OPTIONAL_V, Optional.of)),
  declare(
    'optional.ofNonZeroValue',
    overload('optional_ofNonZeroValue', [V], OPTIONAL_V, (value: CelValue) => (isZero(value) ? Optional.none : Optional.of(value))),
  ),
  declare(
    'optional.none',
    overload('optional_none', [], OPTIONAL_V, () => Optional.none),
  ),
  declare('value', method('optional_value', [OPTIONAL_V], V, held)),
  declare(
    'hasValue',
    method('optional_hasValue', [OPTIONAL_V], BOOL, (optional: Optional) => optional.value !== undefined),
  ),
  // The evaluator carries these out: they look at their argument only when they need it.
  declare('or', method('optional_or_optional', [OPTIONAL_V, OPTIONAL_V], OPTIONAL_V)),
  declare('orValue', method('optional_orValue_value', [OPTIONAL_V, V], V)),
  declare(Operator.OptionalSelect, overload('select_optional_field', [DYN, STRING], OPTIONAL_V)),
  declare(
    Operator.OptionalIndex,
    overload('list_optindex_optional_int', [LIST_V, INT], OPTIONAL_V),
    overload('optional_list_optindex_optional_int', [optionalOf(LIST_V), INT], OPTIONAL_V),
    overload('map_optindex_optional_value', [MAP_KV, K], OPTIONAL_V),
    overload('optional_map_optindex_optional_value', [optionalOf(MAP_KV), K], OPTIONAL_V),
  ),
  declare(
    Operator.Index,
    overload('optional_list_index_int', [optionalOf(LIST_V), INT], OPTIONAL_V),
    overload('optional_map_index_value', [optionalOf(MAP_KV), K], OPTIONAL_V),
  ),
  declare(
    'last',
    method(
      'list_last',
      [LIST_V],
      OPTIONAL_V,
      elementOf((size) => size - 1),
    ),
  ),
  declare(
    'first',
    method(
      'list_first',
      [LIST_V],
      OPTIONAL_V,
      elementOf(() => 0),
    ),
  ),
  declare('optional.unwrap', overload('optional_unwrap', [listOf(OPTIONAL_V)], LIST_V, unwrapped)),
  declare('unwrapOpt', method('optional_unwrapOpt', [listOf(OPTIONAL_V)], LIST_V, unwrapped)),
];

/** `o.optMap(x, f)` and `o.optFlatMap(x, f)`: f of what the optional holds, if anything. */
function optionalMacro(name: string, wrap: (b: Builder, body: Expression) => Expression): Expander {
  return (at, target, args) => {
    const [variable, transform] = args as readonly [Expression, Expression];
    if (variable.kind !== 'identifier') throw new MacroError(variable.at, `${name}() variable name must be a simple identifier`);
    const b = new Builder(at);
    const body = b.bind(variable.name, b.memberCall('value', target), transform);
    return b.call(Operator.Conditional, b.memberCall('hasValue', target), wrap(b, body), b.call('optional.none'));
  };
}

export const OPTIONALS: Library = {
  functions: FUNCTIONS,
  macros: new Map([
    [macroKey('optMap', 2, true), optionalMacro('optMap', (b, body) => b.call('optional.of', body))],
    [macroKey('optFlatMap', 2, true), optionalMacro('optFlatMap', (_, body) => body)],
  ]),
  types: [OPTIONAL],
};

import { declare, overload } from '../../environment/declarations.js';
import type { Library } from '../../environment/environment.js';
import type { Expression } from '../../syntax/expression.js';
import { Builder, collect, type Expander, MacroError, macroKey, quantifiers, variableOf } from '../../syntax/macros.js';
import { Operator } from '../../syntax/operators.js';
import { mapOf, typeParameter } from '../../types/type.js';
import type { Mapping } from '../../values/collections.js';
import { MapLiteral } from '../../values/map-literal.js';
import type { CelValue } from '../../values/value.js';
import { MAP_INSERT } from './map-insert.js';

const K = typeParameter('K');
const V = typeParameter('V');
const MAP_KV = mapOf(K, V);

function copy(map: Mapping): MapLiteral {
  const result = new MapLiteral();
  result.insertAll(map);
  return result;
}

function insert(map: Mapping, key: CelValue, value: CelValue): MapLiteral {
  const result = copy(map);
  result.insert(key, value);
  return result;
}

function insertAll(map: Mapping, more: Mapping): MapLiteral {
  const result = copy(map);
  result.insertAll(more);
  return result;
}

type Args = readonly [Expression, Expression, ...Expression[]];

function variablesOf([first, second]: Args): { variable: string; secondVariable: string } {
  const names = [first, second].map((argument) => {
    if (argument.kind === 'identifier') return argument.name;
    throw new MacroError(argument.at, 'argument must be a simple name');
  }) as [string, string];
  if (names[0] === names[1]) throw new MacroError(second.at, `duplicate variable name: ${names[0]}`);
  const otherwise = 'argument must be a simple name';
  return { variable: variableOf(first, otherwise), secondVariable: variableOf(second, otherwise) };
}

function quantifier(expand: (typeof quantifiers)['all']): Expander {
  return (at, target, args) => expand(new Builder(at), target, variablesOf(args as Args), args[2] as Expression);
}

const transformList: Expander = (at, target, args) => {
  const [filter, transform] = args.length === 4 ? [args[2], args[3]] : [undefined, args[2]];
  return collect(new Builder(at), target, variablesOf(args as Args), transform as Expression, filter);
};

/** Builds a map; `entry` gives what is inserted for each turn. */
function transformMap(entry: (b: Builder, key: string, transform: Expression) => readonly Expression[]): Expander {
  return (at, target, args) => {
    const b = new Builder(at);
    const variables = variablesOf(args as Args);
    const [filter, transform] = args.length === 4 ? [args[2], args[3]] : [undefined, args[2]];
    const step = b.call(MAP_INSERT, b.accumulator, ...entry(b, variables.variable, transform as Expression));
    return b.fold({
      range: target,
      ...variables,
      initial: { kind: 'map', at, entries: [] },
      condition: b.literal(true),
      step: filter === undefined ? step : b.call(Operator.Conditional, filter, step, b.accumulator),
      result: b.accumulator,
    });
  };
}

const toMap = transformMap((b, key, transform) => [b.identifier(key), transform]);
const toMapEntry = transformMap((_, __, transform) => [transform]);

/** cel-go's comprehensions over keys and values, or indices and elements. */
export const TWO_VARIABLES: Library = {
  functions: [
    declare(
      MAP_INSERT,
      overload('@mapInsert_map_key_value', [MAP_KV, K, V], MAP_KV, insert),
      overload('@mapInsert_map_map', [MAP_KV, MAP_KV], MAP_KV, insertAll),
    ),
  ],
  macros: new Map([
    [macroKey('all', 3, true), quantifier(quantifiers.all)],
    [macroKey('exists', 3, true), quantifier(quantifiers.exists)],
    [macroKey('existsOne', 3, true), quantifier(quantifiers.existsOne)],
    [macroKey('exists_one', 3, true), quantifier(quantifiers.existsOne)],
    [macroKey('transformList', 3, true), transformList],
    [macroKey('transformList', 4, true), transformList],
    [macroKey('transformMap', 3, true), toMap],
    [macroKey('transformMap', 4, true), toMap],
    [macroKey('transformMapEntry', 3, true), toMapEntry],
    [macroKey('transformMapEntry', 4, true), toMapEntry],
  ]),
};

import { expect, it } from 'vitest';
import { compile } from '../compile.js';
import { NEW_EXPRESSIONS } from '../kubernetes/environments.js';
import { declaredTypes } from '../types/declared-types.js';
import { DYN, INT, listOf, mapOf, STRING, structType } from '../types/type.js';

const environment = NEW_EXPRESSIONS.extend({
  variables: { object: DYN, s: STRING, l: listOf(INT), m: mapOf(STRING, INT), thing: structType('Thing') },
  types: declaredTypes({ Thing: { name: STRING, parts: listOf(structType('Thing')) } }),
});

function typeOf(expression: string): string {
  const { program, errors } = compile(expression, environment);
  return program === undefined ? errors.replace(/\n \| .*/g, '') : String(program.resultType);
}

it.each([
  ['1', 'int'],
  ['1u', 'uint'],
  ['1.0', 'double'],
  ["b''", 'bytes'],
  ['null', 'null'],
  ['type(1)', 'type(int)'],
  ['int', 'type(int)'],
  ['[]', 'list(dyn)'],
  ['[1]', 'list(int)'],
  ['[[], [1]]', 'list(list(int))'],
  ['{"a": []}', 'map(string, list(dyn))'],
  ['l.map(x, string(x))', 'list(string)'],
  ['m.filter(k, m[k] > 1)', 'list(string)'],
  ['m.transformList(k, v, v)', 'list(int)'],
  ['m.transformMap(k, v, k)', 'map(string, string)'],
  ['object.a.b[0]', 'dyn'],
  ['object.all(x, x.y)', 'bool'],
  ['thing.parts[0].name', 'string'],
  ['thing.?name', 'optional_type(string)'],
  ['l[?0].optMap(x, [x])', 'optional_type(list(int))'],
  ['optional.none()', 'optional_type(dyn)'],
  ['true ? l : [2]', 'list(int)'],
  ['timestamp("2020-01-01T00:00:00Z") - duration("1s")', 'timestamp'],
  ['quantity("1")', 'kubernetes.Quantity'],
  ['ip("::1")', 'net.IP'],
  ['[1, 2].sum()', 'int'],
  ['"a".indexOf("b") + ["a"].indexOf("a")', 'int'],
  ['dyn(1) + 1', 'int'],
])('finds the type of %s', (expression, type) => {
  expect(typeOf(expression)).toBe(type);
});

it.each([
  ['x', "1:1: undeclared reference to 'x' (in container '')"],
  ['s.nope()', "1:7: undeclared reference to 'nope' (in container '')"],
  ['nope(s)', "1:5: undeclared reference to 'nope' (in container '')"],
  ['s + 1', "1:3: found no matching overload for '_+_' applied to '(string, int)'"],
  ['s.startsWith(1)', "1:13: found no matching overload for 'startsWith' applied to 'string.(int)'"],
  ['1 == 1.0', "1:3: found no matching overload for '_==_' applied to '(int, double)'"],
  ['l == ["a"]', "1:3: found no matching overload for '_==_' applied to '(list(int), list(string))'"],
  ['s && true', "1:1: expected type 'bool' but found 'string'"],
  ['[1, "a"]', "1:5: expected type 'int' but found 'string'"],
  ['{1: 2, "a": 3}', "1:8: expected type 'int' but found 'string'"],
  ['[dyn(1), 2]', "1:10: expected type 'dyn' but found 'int'"],
  ['s.field', "1:2: type 'string' does not support field selection"],
  ['thing.nope', "1:6: undefined field 'nope'"],
  ['has(thing.nope)', "1:4: undefined field 'nope'"],
  ['s.all(c, true)', "1:1: expression of type 'string' cannot be range of a comprehension (must be list, map, or dynamic)"],
  ['l.all(x, x)', "1:10: expected type 'bool' but found 'int'"],
  ['l.map(x, y)', "1:10: undeclared reference to 'y' (in container '')"],
  ['[?1]', "1:3: expected type 'optional_type(int)' but found 'int'"],
  ['Nope{}', "1:5: undeclared reference to 'Nope' (in container '')"],
  ['int{}', "1:4: 'int' is not a message type"],
  ['s{}', "1:2: 'string' is not a type"],
  ['Thing{name: 1}', "1:11: expected type of field 'name' is 'string' but provided type is 'int'"],
  ['duration("x")', '1:10: invalid duration argument'],
  ['timestamp("x")', '1:11: invalid timestamp argument'],
  ['s.matches("(")', '1:11: invalid matches argument'],
])('refuses %s', (expression, error) => {
  expect(typeOf(expression).split('\n')).toContain(`ERROR: <input>:${error}`);
});

it('reports each error once, in the order of places', () => {
  expect(typeOf('cel.bind(x, s, x == x)').split('\n')).toEqual([
    "ERROR: <input>:1:1: undeclared reference to 'cel' (in container '')",
    "ERROR: <input>:1:9: undeclared reference to 'bind' (in container '')",
    "ERROR: <input>:1:10: undeclared reference to 'x' (in container '')",
    "ERROR: <input>:1:16: undeclared reference to 'x' (in container '')",
    "ERROR: <input>:1:21: undeclared reference to 'x' (in container '')",
  ]);
});

it('has what the release before knew for new expressions, and everything for stored ones', () => {
  expect(typeOf('lists.range(3)')).toContain("undeclared reference to 'lists'");
  expect(typeOf('base64.encode(b"a")')).toContain("undeclared reference to 'base64'");
  expect(typeOf('math.greatest(1, 2)')).toContain("undeclared reference to 'math'");
});

it('checks hostile literals in linear time', () => {
  expect(typeOf(`[${'[],'.repeat(20_000)}]`)).toBe('list(list(dyn))');
});

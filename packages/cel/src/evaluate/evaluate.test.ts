import { describe, expect, it } from 'vitest';
import { evaluate } from '../testing/evaluate.js';

const object = {
  metadata: { name: 'x', labels: { a: 'b', constructor: 'c' } },
  spec: { replicas: 3, ratio: 1.5, big: 2n ** 60n, ports: [80, 443], nothing: null },
};

describe.each([
  [
    'arithmetic',
    [
      ['1 + 2 * 3 - 4 / 2 % 3', '5'],
      ['7 / -2', '-3'],
      ['-7 % 3', '-1'],
      ['9223372036854775807 + 1', 'error: integer overflow'],
      ['-9223372036854775808 - 1', 'error: integer overflow'],
      ['-(-9223372036854775808)', 'error: integer overflow'],
      ['-9223372036854775808 / -1', 'error: integer overflow'],
      ['4611686018427387904 * 2', 'error: integer overflow'],
      ['3037000499 * 3037000499', '9223372030926249001'],
      ['1 / 0', 'error: division by zero'],
      ['1 % 0', 'error: modulus by zero'],
      ['1u - 2u', 'error: unsigned integer overflow'],
      ['18446744073709551615u', '18446744073709551615'],
      ['1.0 / 0.0', '+Inf'],
      ['0.1 + 0.2', '0.30000000000000004'],
      ['"a" + "b"', 'ab'],
      ['b"a" + b"b" == b"ab"', 'true'],
      ['[1] + [2] + []', '[1, 2]'],
      ['dyn(1) + "a"', 'error: no such overload'],
      ['dyn(true) + 1', 'error: no such overload: _+_'],
      ['dyn("a") - 1', 'error: no such overload'],
    ],
  ],
  [
    'equality and order',
    [
      ['dyn(1) == 1.0', 'true'],
      ['dyn(1u) == 1', 'true'],
      ['dyn(9223372036854775807) == 9223372036854775808.0', 'true'],
      ['dyn(9223372036854775807) < 9223372036854775808.0', 'false'],
      ['dyn(9223372036854775807) < 9223372036854775809u', 'true'],
      ['dyn(1) == "1"', 'false'],
      ['dyn(9007199254740993) == 9007199254740992.0', 'true'],
      ['1 < 1.5', 'true'],
      ['2u > 1', 'true'],
      ['-1 < 18446744073709551615u', 'true'],
      ['double("NaN") < 1.0', 'error: NaN values cannot be ordered'],
      ['double("NaN") == double("NaN")', 'false'],
      ['"\\uffff" < "\\U0001f600"', 'true'],
      ['[1, 2] == [1.0, 2.0].map(x, dyn(x))', 'true'],
      ['{"a": 1, "b": 2} == {"b": 2, "a": 1}', 'true'],
      ['null == dyn(0)', 'false'],
      ['object.spec.nothing == null', 'true'],
      ['object > 1', 'error: no such overload: _>_'],
      ['1 in [1, 2] && !(3 in [1, 2]) && "a" in {"a": 1}', 'true'],
      ['dyn(1.0) in [1, 2]', 'true'],
    ],
  ],
  [
    'conversions',
    [
      ['int("12") + int(3.9) + int(4u)', '19'],
      ['int(object.metadata.name)', "error: type conversion error from 'string' to 'int'"],
      ['int("x")', "error: type conversion error from 'string' to 'int'"],
      ['int(1e19)', 'error: integer overflow'],
      ['[double("1_0"), double("0x1.8p3"), double("-0x10p-4")]', '[10, 12, -1]'],
      ['double("0x10")', "error: type conversion error from 'string' to 'double'"],
      // Ninety thousand digits before what makes them none: read once.
      [`double("${'1'.repeat(90_000)}x")`, "error: type conversion error from 'string' to 'double'"],
      ['uint(-1)', 'error: unsigned integer overflow'],
      ['double("1e3")', '1000'],
      ['string(1e21)', '1e+21'],
      ['string(0.00001)', '1e-05'],
      ['string(100000000.0)', '1e+08'],
      ['string(b"\\xff")', 'error: invalid UTF-8 in bytes, cannot convert to string'],
      ['string(bytes("é")) == "é"', 'true'],
      ['bool("t") && !bool("0")', 'true'],
      ['[dyn(type(1.0)), dyn(type([])), dyn(type(null)), dyn(type(timestamp(0)))]', '[double, list, null_type, google.protobuf.Timestamp]'],
      ['timestamp("x" + object.metadata.name)', "error: type conversion error from 'string' to 'google.protobuf.Timestamp'"],
    ],
  ],
  [
    'time',
    [
      ['string(duration("1h30m0.5s"))', '5400.5s'],
      ['duration("-1.5s").getMilliseconds()', '-1500'],
      ['timestamp("2024-02-29T23:59:59.5Z").getDayOfYear()', '59'],
      ['timestamp("2024-02-29T23:59:59Z").getDate("+02:00")', '1'],
      ['timestamp("2024-02-29T00:30:00Z").getHours("-08:00")', '16'],
      ['timestamp("2024-07-01T12:00:00Z").getHours("Europe/Berlin")', '14'],
      ['timestamp("2024-07-01T12:00:00Z").getHours("Nowhere/Near")', 'error: unknown time zone Nowhere/Near'],
      ['timestamp("2024-07-01T12:00:00Z").getHours("utc")', 'error: unknown time zone utc'],
      ['timestamp("2024-07-01T12:00:00Z").getHours("../etc")', 'error: time: invalid location name'],
      ['string(duration("9223372036854775807ns"))', '9223372036.854776s'],
      ['timestamp(0) + duration("25h")', '1970-01-02T01:00:00Z'],
      ['timestamp("9999-12-31T23:59:59Z") + duration("1s")', 'error: timestamp overflow'],
      ['timestamp("2020-01-01T00:00:00+02:00")', '2020-01-01T00:00:00+02:00'],
      ['timestamp("2020-01-02T00:00:00Z") - timestamp("2020-01-01T00:00:00Z") == duration("24h")', 'true'],
    ],
  ],
  [
    'selection',
    [
      ['object.metadata.name', 'x'],
      ['object.metadata.nope', 'error: no such key: nope'],
      ['object.metadata.toString', 'error: no such key: toString'],
      ['object.metadata.labels.constructor', 'c'],
      ['object.spec.replicas.x', 'error: no such key: x'],
      ['object.spec.ports[1]', '443'],
      ['object.spec.ports[2]', 'error: index out of bounds: 2'],
      ['object.spec.ports[-1]', 'error: index out of bounds: -1'],
      ['object.spec.ports["a"]', "error: unsupported index type 'string' in list"],
      ['object.spec.big + 1', '1152921504606846977'],
      ['type(object.spec.ratio) == double && type(object.spec.replicas) == int', 'true'],
      ['has(object.spec.nothing) && !has(object.spec.nope) && !has(object.metadata.name.x)', 'true'],
      ['has(object.nope.x)', 'error: no such key: nope'],
      ['object.?spec.?nope.orValue(5)', '5'],
      ['object.?metadata.name.orValue("y")', 'x'],
      ['object.spec.ports[?5].hasValue()', 'false'],
      ['object.?nope.value()', 'error: optional.none() dereference'],
      ['object.?spec.?nope.or(optional.of(1)).value()', '1'],
      ['[?object.?nope, dyn(1)]', '[1]'],
      ['{"a": dyn(1), ?"b": object.?nope}', '{a: 1}'],
      ['optional.ofNonZeroValue("").hasValue()', 'false'],
      ['{1: "a"}[dyn(1.0)]', 'a'],
      ['{1.5: "a"}[dyn(1.5)] + {null: "b"}[null]', 'ab'],
    ],
  ],
  [
    'macros',
    [
      ['object.spec.ports.all(p, p > 79)', 'true'],
      ['object.spec.ports.exists(p, p == 443)', 'true'],
      ['[1, 2, 2].exists_one(x, x == 2)', 'false'],
      ['[1].existsOne(x, x == 2)', "ERROR: <input>:1:14: undeclared reference to 'existsOne' (in container '')"],
      ['object.spec.replicas.map(x, x)', "error: got 'types.Int', expected iterable type"],
      ['[1, 2, 3].filter(x, x > 1).map(x, x * 2)', '[4, 6]'],
      ['[1, 2, 3].map(x, x > 1, [x].map(y, y + x))', '[[4], [6]]'],
      ['object.metadata.labels.map(k, k)', '[a, constructor]'],
      ['["a", "b"].all(i, v, v == ["a", "b"][i])', 'true'],
      ['{"a": 1}.exists(k, v, k == "a" && v == 1)', 'true'],
      ['["x", "y"].transformList(i, v, i > 0, v + string(i))', '[y1]'],
      ['["x", "y"].transformMap(i, v, v)', '{0: x, 1: y}'],
      ['["x", "y"].transformMapEntry(i, v, {v: i})', '{x: 0, y: 1}'],
      ['["x", "x"].transformMapEntry(i, v, {v: i})', 'error: insert failed: key x already exists'],
      ['[1, 2].map(x, [3].map(x, x))', '[[3], [3]]'],
      ['optional.of(1).optMap(x, x + 1).value()', '2'],
      ['optional.none().optFlatMap(x, optional.of(x)).hasValue()', 'false'],
    ],
  ],
  [
    'errors that are absorbed, or not',
    [
      ['object.nope == 1 || true', 'true'],
      ['true || object.nope == 1', 'true'],
      ['object.nope == 1 && false', 'false'],
      ['object.nope == 1 || false', 'error: no such key: nope'],
      ['object.spec.replicas || true', 'true'],
      ['object.spec.replicas || false', 'error: no such overload'],
      ['[0, 1].exists(x, 1 / x == 1)', 'true'],
      ['[0, 1].all(x, 1 / x == 2)', 'false'],
      ['[0, 1].all(x, 1 / x == 1)', 'error: division by zero'],
      ['[0, 1].map(x, 1 / x)', 'error: division by zero'],
      ['object.nope ? 1 : 2', 'error: no such key: nope'],
      ['true ? 1 : 1 / 0', '1'],
    ],
  ],
] as const)('%s', (_, table) => {
  it.each(table as unknown as [string, string][])('%s', (expression, expected) => {
    expect(evaluate(expression, { object }).replace(/\n \| .*/s, '')).toBe(expected);
  });
});

it('changes nothing that it was given', () => {
  const list = Object.freeze([1, 2]);
  expect(evaluate('(l + [3]).map(x, x)', { l: list })).toBe('[1, 2, 3]');
  expect(list).toEqual([1, 2]);
});

describe('what would take too long or too much room', () => {
  const text = 'a'.repeat(1 << 20);
  const list = Array.from({ length: 20_000 }, (_, i) => i);
  const [deep, same] = [1, 2].map(() => [Array.from({ length: 100_000 }, (_, i) => [i])]);
  const cost = 'error: operation cancelled: actual cost limit exceeded';
  /** Of limits on cost or room and on processor time, a slow machine meets the latter first. */
  const orTime = (limit: string) => new RegExp(`^(${limit}|error: operation interrupted)$`);
  it.each([
    ['[1].map(a, [[1]].map(b, b + b)[0]).size() == 1', 'true'],
    [`${'['.repeat(40)}[1]${'].map(x, x + x)[0]'.repeat(40)}.size()`, 'error: a list cannot have more than 4194304 elements'],
    ['list.map(a, list.map(b, a + b))', orTime(cost)],
    ['list.all(a, text == text)', orTime(cost)],
    ['list.all(a, deep == same)', 'error: operation interrupted'],
    ['list.map(a, "%s%s".format([text, a]))', orTime('error: operation interrupted: values are too large')],
    ['text.replace("a", "bbbbbbbbbbbbbbbbbbbb")', 'error: a string cannot have more than 16777216 characters'],
    ['text.find("([ab]{100}){10}$")', 'error: the pattern is too complex for a text of this length'],
    ['text.matches("a?[ab]{500}[cd]")', 'error: the pattern is too complex for a text of this length'],
    ['text.findAll("a").size()', 'error: a text cannot have more than 65536 matches'],
    ['list.all(a, text.findAll("b", 1).size() == 0)', orTime(cost)],
    ['list.all(a, text.substring(0, 65536).findAll("a").size() > 0)', 'error: operation interrupted'],
    ['"a".matches(text)', 'error: a pattern cannot have more than 4096 characters'],
    ['"%.1000f".format([1.0])', 'error: a precision cannot be more than 100'],
    ['sets.contains(list, list)', orTime(cost)],
  ])('%s', (expression, expected) => {
    const outcome = evaluate(expression, { text, list, deep, same });
    if (typeof expected === 'string') expect(outcome).toBe(expected);
    else expect(outcome).toMatch(expected);
  });

  it('is stopped also in short expressions, by how deep they are', () => {
    const deep = (depth: number) => `${'[1].map(v, '.repeat(depth)}1${')'.repeat(depth)}`;
    expect(evaluate(deep(60), {})).toContain('[[[[');
    expect(evaluate(`object${'.a'.repeat(20_000)}`, { object: {} })).toContain('max recursion depth exceeded');
  });
});

import { describe, expect, it } from 'vitest';
import { STANDARD_MACROS } from './macros.js';
import { parse } from './parser.js';

const EXPRESSION = "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const OPTIONAL_EXPRESSION =
  "{'[', '{', '}', '(', '.', ',', '-', '!', '?', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

function errorsOf(expression: string, optionals = true): string {
  return String(parse(expression, { macros: STANDARD_MACROS, optionals }).issues);
}

/** Place and message of each error, without the line that is shown with it. */
function messagesOf(expression: string): string[] {
  return errorsOf(expression)
    .split(/\n?ERROR: <input>:/)
    .slice(1)
    .map((error) => error.split('\n | ')[0] as string);
}

it('shows the line with a mark below the place', () => {
  expect(errorsOf('self <')).toBe(
    `ERROR: <input>:1:7: Syntax error: mismatched input '<EOF>' expecting ${EXPRESSION}\n | self <\n | ......^`,
  );
  expect(errorsOf("a &&\n\t'é' + var")).toBe("ERROR: <input>:2:8: reserved identifier: var\n |  'é' + var\n | ..．....^");
});

it.each([
  ['', [`1:0: Syntax error: mismatched input '<EOF>' expecting ${EXPRESSION}`]],
  ['a b', ["1:3: Syntax error: extraneous input 'b' expecting <EOF>"]],
  ['1 + 2\n3 +', ["2:1: Syntax error: mismatched input '3' expecting <EOF>"]],
  ['f{}()', ["1:4: Syntax error: mismatched input '(' expecting <EOF>"]],
  ['(a', ["1:3: Syntax error: missing ')' at '<EOF>'"]],
  ['a ? b', ["1:6: Syntax error: mismatched input '<EOF>' expecting ':'"]],
  ['[1,', ["1:4: Syntax error: missing ']' at '<EOF>'"]],
  ['{', [`1:2: Syntax error: mismatched input '<EOF>' expecting ${OPTIONAL_EXPRESSION}`]],
  ['{a}', ["1:3: Syntax error: mismatched input '}' expecting ':'"]],
  [
    '{:a}',
    [`1:2: Syntax error: extraneous input ':' expecting ${OPTIONAL_EXPRESSION}`, "1:4: Syntax error: mismatched input '}' expecting ':'"],
  ],
  [
    'm{{a}}',
    [
      "1:3: Syntax error: extraneous input '{' expecting {'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}",
      "1:5: Syntax error: mismatched input '}' expecting ':'",
      "1:6: Syntax error: extraneous input '}' expecting <EOF>",
    ],
  ],
  ['a.', ["1:3: Syntax error: no viable alternative at input '.'"]],
  ['a.true', ["1:3: Syntax error: mismatched input 'true' expecting IDENTIFIER"]],
  ['a. "b"', ['1:4: Syntax error: no viable alternative at input \'. "b"\'']],
  ['--', ["1:3: Syntax error: no viable alternative at input '-'", `1:3: Syntax error: mismatched input '<EOF>' expecting ${EXPRESSION}`]],
  [
    '*@a | b',
    [
      `1:1: Syntax error: extraneous input '*' expecting ${EXPRESSION}`,
      "1:2: Syntax error: token recognition error at: '@'",
      "1:5: Syntax error: token recognition error at: '| '",
      "1:7: Syntax error: extraneous input 'b' expecting <EOF>",
    ],
  ],
  [
    '"\\xFh"',
    [
      `1:1: Syntax error: token recognition error at: '"\\xFh'`,
      `1:6: Syntax error: token recognition error at: '"'`,
      `1:7: Syntax error: mismatched input '<EOF>' expecting ${EXPRESSION}`,
    ],
  ],
  ['0xFFFFFFFFFFFFFFFFF', ['1:1: invalid int literal']],
  ['18446744073709551616u', ['1:1: invalid uint literal']],
  ['1.99e90000009', ['1:1: invalid double literal']],
  ['"\\ud800"', ['1:1: invalid unicode code point']],
  ['has(m)', ['1:5: invalid argument to has() macro']],
  ['1.all(2, 3)', ['1:7: argument must be a simple name']],
  ['m.map(__result__, 1)', ['1:7: iteration variable overwrites accumulator variable']],
  ['m.filter(a.b, true)', ['1:11: argument is not an identifier']],
  ['[1].map(var, var)', ['1:9: reserved identifier: var', '1:9: argument is not an identifier', '1:14: reserved identifier: var']],
  ['a.`b`', ["1:3: unsupported syntax: '`'"]],
])('reports what is wrong with %s', (expression, expected) => {
  expect(messagesOf(expression)).toEqual(expected);
});

it('knows optional syntax only where it is on', () => {
  expect(errorsOf('a.?b[?c]', false)).toContain("1:2: unsupported syntax '.?'");
  expect(errorsOf('a.?b[?c]')).toBe('');
});

describe('limits', () => {
  it.each([
    ['('.repeat(251), 'expression recursion limit exceeded: 250'],
    [`a${'.b'.repeat(251)}`, 'max recursion depth exceeded'],
    [`1${'+1'.repeat(251)}`, 'max recursion depth exceeded'],
    ['a'.repeat(100_001), 'expression code point size exceeds limit: size: 100001, limit 100000'],
  ])('refuse %.10s…', (expression, message) => {
    expect(errorsOf(expression)).toBe(`ERROR: <input>:-1:0: ${message}`);
  });

  it('allow what is just within them, and chains of terms of any length', () => {
    for (const expression of [`a${'.b'.repeat(250)}`, `a${' || a'.repeat(10_000)}`, `[${'1,'.repeat(10_000)}]`]) {
      expect(errorsOf(expression)).toBe('');
    }
  });

  it('end recovery from errors', () => {
    expect(messagesOf('@'.repeat(200))).toHaveLength(100);
    expect(errorsOf('@'.repeat(200))).toMatch(/\n\d+ more errors were truncated$/);
    expect(messagesOf('a '.repeat(1000))[0]).toBe('-1:0: error recovery token lookahead limit exceeded: 256');
  });
});

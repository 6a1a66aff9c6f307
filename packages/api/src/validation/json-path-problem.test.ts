import { expect, it } from 'vitest';
import { jsonPathProblem } from './json-path-problem.js';

it.each([
  '',
  'no action',
  '{}',
  '{.spec.replicas}',
  '{spec.validations[0].expression}',
  "{.metadata.labels['a']} and {$.b[-1:]}{@.c[*]}",
  '{..name}{.a..b[0]..c}',
  '{.a[0,1]}{.a[1:3:2]}',
  '{.items[?(@.type=="a)b")].status}{.items[?(@.a)]}{.a[?(@.b<2)]}',
  '{range .items[*]}{"\\n"}{end}{true}{-1.5}',
  '{.a\\.b}',
])('%s is a template', (template) => {
  expect(jsonPathProblem(template)).toBeUndefined();
});

it.each([
  ['{.a', 'unclosed action'],
  ['{.a\n}', 'unclosed action'],
  ['{#}', "unrecognized character in action: U+0023 '#'"],
  ['{....a}', 'invalid multiple recursive descent'],
  ['{.a[0}', 'unterminated array'],
  ['{.a[b]}', 'invalid array index b'],
  ['{.a[0,b]}', 'invalid array index b'],
  ['{.a[-]}', 'array index - is not a number'],
  ['{.a[?(@.b==1]}', 'unterminated filter'],
  ['{.a[?(@.b==1)}', 'unclosed array expect ]'],
  ['{.a[?(@.b==#)]}', "unrecognized character in action: U+0023 '#'"],
  ['{"a}', 'unterminated quoted string'],
  ['{"\\q"}', 'unquote string "\\q" error invalid syntax'],
  ['{1.2.3}', 'cannot parse number 1.2.3'],
  ['{+}', 'cannot parse number +'],
])('%s is none: %s', (template, problem) => {
  expect(jsonPathProblem(template)).toBe(problem);
});

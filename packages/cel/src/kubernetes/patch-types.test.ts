import { expect, it } from 'vitest';
import { admissionEnvironments } from './admission.js';
import { compileExpression } from './expression.js';
import { APPLY_CONFIGURATION, configurationOf, JSON_PATCH, operationsOf, PatchTypeError } from './patch-types.js';

const { forNew } = admissionEnvironments({ params: false, authorizer: true, patches: true });

function valueFrom(expression: string, bindings = {}) {
  const { program, problem } = compileExpression(expression, forNew, APPLY_CONFIGURATION, JSON_PATCH);
  if (program === undefined) throw new Error(problem);
  const { value, error } = program.evaluate(bindings);
  if (error !== undefined) throw new Error(error);
  return value;
}

it.each([
  ['Object{spec: Object.spec{replicas: object.spec.replicas + 1, paused: true}}', { spec: { replicas: 3, paused: true } }],
  ['Object{metadata: Object.metadata{?labels: optional.none(), annotations: {"a": "b"}}}', { metadata: { annotations: { a: 'b' } } }],
  [
    '[JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("a.example/b~c"), value: "x"}]',
    [{ op: 'add', path: '/metadata/labels/a.example~1b~0c', value: 'x' }],
  ],
  [
    '[JSONPatch{op: "test", path: "/spec/replicas", value: 1.5}, JSONPatch{op: "remove", path: "/x", from: ""}]',
    [
      { op: 'test', path: '/spec/replicas', value: 1.5 },
      { op: 'remove', path: '/x' },
    ],
  ],
  [
    '[JSONPatch{op: "replace", path: "/spec", value: Object.spec{list: [Object.spec.list{n: 1}]}}]',
    [{ op: 'replace', path: '/spec', value: { list: [{ n: 1 }] } }],
  ],
])('makes %s', (expression, expected) => {
  const value = valueFrom(expression, { object: { spec: { replicas: 2 } } });
  expect(Array.isArray(expected) ? operationsOf(value) : configurationOf(value)).toEqual(expected);
});

it.each([
  ['Object.spec{a: 1}', 'must evaluate to one of [Object list(JSONPatch)] but got Object.spec'],
  ['Objects{a: 1}', "undeclared reference to 'Objects' (in container '')"],
  ['[JSONPatch{verb: "add"}]', "expected type of field 'verb' is '' but provided type is 'string'"],
  ['[JSONPatch{op: 1}]', "expected type of field 'op' is 'string' but provided type is 'int'"],
])('refuses %s', (expression, problem) => {
  expect(compileExpression(expression, forNew, APPLY_CONFIGURATION, JSON_PATCH).problem).toContain(problem);
});

it('refuses objects that are out of place', () => {
  const placed = 'Object{spec: Object.spec{selector: [Object.spec.selector{a: 1}]}}';
  expect(configurationOf(valueFrom(placed))).toEqual({ spec: { selector: [{ a: 1 }] } });
  const misplaced = valueFrom('Object{spec: Object.spec{selector: Object.spec.wrong{}}, status: Object.spec{}}');
  const problems = [
    'type mismatch: unexpected type name "Object.spec.wrong", expected "Object.spec.selector", which matches field name path from root Object type',
    'unexpected type name "Object.spec", expected "Object.status", which matches field name path from root Object type',
  ];
  expect(() => configurationOf(misplaced)).toThrow(new PatchTypeError(problems.join('\n')));
  const operation = valueFrom('[JSONPatch{op: "add", path: "/spec", value: Object.spec{a: Object.b{}}}]');
  expect(() => operationsOf(operation)).toThrow('unexpected type name "Object.b", expected "Object.spec.a"');
});

it('refuses what is not JSON', () => {
  expect(() => configurationOf(valueFrom('Object{a: url("https://a")}'))).toThrow(
    new PatchTypeError('unsupported type in JSON: kubernetes.URL'),
  );
  const operation = valueFrom('[JSONPatch{op: "add", path: "/a", value: optional.of(1)}]');
  expect(() => operationsOf(operation)).toThrow(/^JSONPath valueExpression evaluated to a type that could not marshal to JSON: /);
});

import { expect, it } from 'vitest';
import { toJson } from '../values/to-json.js';
import { admissionEnvironments } from './admission.js';
import { compileExpression } from './expression.js';
import { APPLY_CONFIGURATION, JSON_PATCH, misplacedTypes } from './patch-types.js';

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
  ['[JSONPatch{op: "test", path: "/spec/replicas", value: 1.5}, JSONPatch{op: "remove", path: "/x"}]', expect.anything()],
  [
    '[JSONPatch{op: "replace", path: "/spec", value: Object.spec{list: [Object.spec.list{n: 1}]}}]',
    [{ op: 'replace', path: '/spec', value: { list: [{ n: 1 }] } }],
  ],
])('makes %s', (expression, expected) => {
  expect(toJson(valueFrom(expression, { object: { spec: { replicas: 2 } } }))).toEqual(expected);
});

it.each([
  ['Object.spec{a: 1}', 'must evaluate to one of [Object list(JSONPatch)] but got Object.spec'],
  ['Objects{a: 1}', "undeclared reference to 'Objects' (in container '')"],
  ['[JSONPatch{verb: "add"}]', "undefined field 'verb'"],
  ['[JSONPatch{op: 1}]', "expected type of field 'op' is 'string' but provided type is 'int'"],
])('refuses %s', (expression, problem) => {
  expect(compileExpression(expression, forNew, APPLY_CONFIGURATION, JSON_PATCH).problem).toContain(problem);
});

it('tells objects that are out of place', () => {
  expect(misplacedTypes(valueFrom('Object{spec: Object.spec{selector: [Object.spec.selector{a: 1}]}}'))).toBeUndefined();
  expect(misplacedTypes(valueFrom('Object{spec: Object.spec{selector: Object.spec.wrong{}}, status: Object.spec{}}'))).toBe(
    [
      'unexpected type name "Object.spec.wrong", expected "Object.spec.selector", which matches field name path from root Object type',
      'unexpected type name "Object.spec", expected "Object.status", which matches field name path from root Object type',
    ].join('\n'),
  );
});

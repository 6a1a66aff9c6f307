import type { authorization } from '@keelson/schema';
import { expect, it } from 'vitest';
import { BOOL } from '../types/type.js';
import { AUTHORIZATION_ENVIRONMENT, authorizationBindings } from './authorization.js';
import { compileExpression } from './expression.js';

type Spec = authorization.v1.SubjectAccessReviewSpec;

function evaluate(expression: string, spec: Spec): unknown {
  const { program, problem } = compileExpression(expression, AUTHORIZATION_ENVIRONMENT, BOOL);
  if (program === undefined) return problem.split('\n')[0];
  const { value, error } = program.evaluate(authorizationBindings(spec));
  return error ?? value;
}

const pods: Spec = {
  user: 'alice',
  groups: ['a', 'b'],
  extra: { scopes: ['x'] },
  resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'kube-system' },
};

it.each<[string, Spec, unknown]>([
  ['has(request.resourceAttributes) && request.resourceAttributes.namespace == "kube-system"', pods, true],
  ['!has(request.nonResourceAttributes) && request.resourceAttributes.name == ""', pods, true],
  ['request.user == "alice" && "a" in request.groups && request.extra["scopes"] == ["x"]', pods, true],
  ['!("system:serviceaccounts:kube-system" in request.groups)', pods, true],
  [
    'has(request.nonResourceAttributes) && request.nonResourceAttributes.path.startsWith("/healthz")',
    { user: 'a', nonResourceAttributes: { path: '/healthz/etcd', verb: 'get' } },
    true,
  ],
  ['request.nonResourceAttributes.path == ""', pods, 'no such key: nonResourceAttributes'],
  ['request.user', pods, 'must evaluate to bool but got string'],
  ['request.name == ""', pods, "compilation failed: ERROR: <input>:1:8: undefined field 'name'"],
])('%s', (expression, spec, expected) => {
  expect(evaluate(expression, spec)).toBe(expected);
});

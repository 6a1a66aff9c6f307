import type { AdmissionAttributes, AuthorizationAttributes, Authorizer, ServedVersion } from '@keelson/machinery';
import { expect, it } from 'vitest';
import { admissionEnvironments } from './admission.js';
import { whenAnswered } from './answered.js';
import { compileExpression } from './expression.js';
import { RequestBindings } from './request-bindings.js';

const { forStored } = admissionEnvironments({ params: true, authorizer: true });
const gvr = { group: 'apps', version: 'v1', resource: 'deployments' };
const kind = { group: 'apps', version: 'v1', kind: 'Deployment' };
const attributes = {
  operation: 'UPDATE',
  kind,
  resource: gvr,
  subresource: 'status',
  namespace: 'n',
  name: 'web',
  user: { name: 'alice', uid: 'u', groups: ['a'], extra: { k: ['v'] } },
  dryRun: true,
  options: { fieldManager: 'm' },
} as unknown as AdmissionAttributes;
const version = { kind: { ...kind, version: 'v2' }, resource: { ...gvr, version: 'v2' } } as ServedVersion;

function recorder(answer: (asked: AuthorizationAttributes) => ReturnType<Authorizer['authorize']>) {
  const asked: string[] = [];
  const authorizer: Authorizer = {
    authorize(question) {
      const { user, verb, apiGroup, resource, subresource, namespace, name } = question;
      asked.push([user.name, verb, apiGroup, resource, subresource, namespace, name].join(' '));
      return answer(question);
    },
  };
  return { authorizer, asked };
}

async function evaluate(expression: string, authorizer: Authorizer): Promise<unknown> {
  const { program, problem } = compileExpression(expression, forStored);
  if (program === undefined) throw new Error(problem);
  const namespaceObject = { metadata: { name: 'n', labels: { a: 'b' }, ownerReferences: [] } };
  const bindings = new RequestBindings(attributes, authorizer).of({
    version,
    object: { metadata: { name: 'web' } },
    oldObject: undefined,
    namespaceObject,
  });
  return whenAnswered(() => {
    const { value, error } = program.evaluate(bindings);
    return error ?? value;
  });
}

const allow: Authorizer = { authorize: () => ({ decision: 'allow' }) };

it.each([
  'request.kind.version == "v2" && request.resource.version == "v2"',
  'request.requestKind.version == "v1" && request.requestResource.resource == "deployments"',
  'request.subResource == "status" && request.requestSubResource == "status" && request.operation == "UPDATE"',
  'request.name == "web" && request.namespace == "n" && request.dryRun && request.options.fieldManager == "m"',
  'request.userInfo.username == "alice" && request.userInfo.uid == "u" && request.userInfo.extra["k"] == ["v"]',
  'object.metadata.name == "web" && oldObject == null && params == null',
  'namespaceObject.metadata.labels["a"] == "b"',
])('%s', async (expression) => {
  expect(await evaluate(expression, allow)).toBe(true);
});

it('shows namespaces without what manages them', async () => {
  const { problem } = compileExpression('namespaceObject.metadata.ownerReferences', forStored);
  expect(problem).toContain("undefined field 'ownerReferences'");
});

it('asks an authorizer, whose answers may be waited for, each question once', async () => {
  const { authorizer, asked } = recorder(async ({ verb }) => ({ decision: verb === 'get' ? 'allow' : 'deny', reason: `not ${verb}` }));
  const check = (verb: string) => `authorizer.requestResource.check("${verb}")`;
  expect(await evaluate(`${check('get')}.allowed() && ${check('get')}.allowed()`, authorizer)).toBe(true);
  expect(await evaluate(`!${check('get')}.allowed() || ${check('drop')}.reason() == "not drop"`, authorizer)).toBe(true);
  expect(asked).toEqual(['get', 'get', 'drop'].map((verb) => `alice ${verb} apps deployments status n web`));
});

it('lets an expression ask two questions, which are dear, and no third', async () => {
  const check = 'authorizer.requestResource.check("get").allowed()';
  expect(await evaluate(`${check} && ${check} && ${check}`, allow)).toBe('operation cancelled: actual cost limit exceeded');
});

it('asks for service accounts and paths', async () => {
  const { authorizer, asked } = recorder(() => ({ decision: 'allow' }));
  const expression =
    'authorizer.serviceAccount("n", "sa").group("").resource("pods").namespace("n").check("list").allowed() && authorizer.path("/x").check("get").allowed()';
  expect(await evaluate(expression, authorizer)).toBe(true);
  expect(asked).toEqual(['system:serviceaccount:n:sa list  pods  n ', 'alice get     ']);
});

it('takes an authorizer that fails for one that says so', async () => {
  const { authorizer } = recorder(async () => {
    throw new Error('no answer');
  });
  expect(await evaluate('authorizer.requestResource.check("get").errored()', authorizer)).toBe(true);
  expect(await evaluate('authorizer.requestResource.check("get").error()', authorizer)).toBe('no answer');
});

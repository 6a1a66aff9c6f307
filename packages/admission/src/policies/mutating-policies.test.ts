import { ApiError, type KubeObject } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { failureOf, pods } from '../testing/attributes.js';
import { hostOf } from '../testing/host.js';
import { type RecordedRequest, recordedRequest } from '../testing/recorded-request.js';
import { MutatingPolicies } from './mutating-policies.js';

type PolicySpec = admissionregistration.v1beta1.MutatingAdmissionPolicySpec;

const everything = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] };
const matchConstraints = { namespaceSelector: {}, objectSelector: {}, resourceRules: [everything] };

const named = (name: string, more: object): KubeObject => ({ metadata: { name }, ...more });
const policy = (spec: Partial<PolicySpec>, name = 'p') =>
  named(name, { spec: { failurePolicy: 'Fail', reinvocationPolicy: 'Never', matchConstraints, ...spec } });
const bindingOf = (policyName: string) => named(policyName, { spec: { policyName } });
const configuring = (expression: string) => ({ patchType: 'ApplyConfiguration', applyConfiguration: { expression } });
const patching = (expression: string) => ({ patchType: 'JSONPatch', jsonPatch: { expression } });
const label = (name: string, value = '"x"') =>
  configuring(`Object{metadata: Object.metadata{labels: Object.metadata.labels{${name}: ${value}}}}`);

const pod = (): KubeObject => ({ metadata: { name: 'web', namespace: 'n', labels: { team: 'a' } } });

function pluginOf(...policies: readonly KubeObject[]): MutatingPolicies {
  const bindings = policies.map(({ metadata }) => bindingOf(metadata.name as string));
  const namespaces = [named('n', {})];
  return new MutatingPolicies(hostOf({ mutatingadmissionpolicies: policies, mutatingadmissionpolicybindings: bindings, namespaces }));
}

/** What a pod has become, or why it was refused. */
async function outcome(...policies: readonly KubeObject[]): Promise<unknown> {
  const request = recordedRequest(pods, 'CREATE', pod());
  const error = await failureOf(() => pluginOf(...policies).admit(request));
  if (error === undefined) return request.object;
  if (!(error instanceof ApiError)) throw error;
  return `${error.code} ${error.reason}: ${error.message}`;
}

const labelled = (labels: object) => ({ metadata: { name: 'web', namespace: 'n', labels: { team: 'a', ...labels } } });

describe('a mutation', () => {
  it('is an apply configuration', async () => {
    expect(await outcome(policy({ mutations: [label('a', 'object.metadata.labels.team + "b"')] }))).toEqual(labelled({ a: 'ab' }));
  });

  it('is a patch', async () => {
    const expression = `[
      JSONPatch{op: "test", path: "/metadata/labels/team", value: "a"},
      JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("x/y"), value: namespaceObject.metadata.name}
    ]`;
    expect(await outcome(policy({ mutations: [patching(expression)] }))).toEqual(labelled({ 'x/y': 'n' }));
  });

  it('whose test fails changes nothing', async () => {
    const expression =
      '[JSONPatch{op: "test", path: "/metadata/labels/team", value: "b"}, JSONPatch{op: "remove", path: "/metadata/labels"}]';
    expect(await outcome(policy({ mutations: [patching(expression)] }))).toEqual(pod());
  });

  it('sees what those before have done, also in variables', async () => {
    const variables = [{ name: 'labels', expression: 'object.metadata.labels' }];
    const mutations = [label('a'), label('b', 'variables.labels.a + string(size(variables.labels))')];
    expect(await outcome(policy({ variables, mutations }))).toEqual(labelled({ a: 'x', b: 'x2' }));
    expect(
      await outcome(policy({ mutations: [label('b', 'object.metadata.labels.a')] }, 'q'), policy({ mutations: [label('a')] })),
    ).toEqual(labelled({ a: 'x', b: 'x' }));
  });

  it.each([
    [
      configuring('Object{spec: Object.spec{wrong: Object.metadata{}}}'),
      'type mismatch: unexpected type name "Object.metadata", expected "Object.spec.wrong", which matches field name path from root Object type',
    ],
    [configuring('object'), 'compilation error: must evaluate to Object but got dyn'],
    [
      configuring('Object{metadata: Object.metadata{labels: Object.metadata.labels{a: object.nothing}}}'),
      "expression 'Object{metadata: Object.metadata{labels: Object.metadata.labels{a: object.nothing}}}' resulted in error: no such key: nothing",
    ],
    [
      patching('[JSONPatch{op: "remove", path: "/nothing"}]'),
      "JSON Patch: error in remove for path: '/nothing': Unable to remove nonexistent key: nothing: missing value",
    ],
    [patching('[JSONPatch{op: "turn", path: "/nothing"}]'), 'JSON Patch: Unexpected kind: turn'],
  ])('that cannot be made refuses the request: %j', async (mutation, problem) => {
    const message = `policy 'p' with binding 'p' denied request: ${problem}`;
    expect(await outcome(policy({ mutations: [mutation] }))).toBe(`403 Invalid: ${message}`);
    expect(await outcome(policy({ mutations: [mutation, label('a')], failurePolicy: 'Ignore' }))).toEqual(labelled({ a: 'x' }));
  });
});

describe('a policy', () => {
  it('has conditions', async () => {
    const when = (expression: string, failurePolicy = 'Fail') =>
      outcome(policy({ failurePolicy, matchConditions: [{ name: 'c', expression }], mutations: [label('a')] }));
    expect(await when('object.metadata.name == "other"')).toEqual(pod());
    expect(await when('object.metadata.name == "web"')).toEqual(labelled({ a: 'x' }));
    expect(await when('object.nothing == 1')).toBe(
      "403 Invalid: policy 'p' with binding 'p' denied request: expression 'object.nothing == 1' resulted in error: no such key: nothing",
    );
    expect(await when('object.nothing == 1', 'Ignore')).toEqual(pod());
  });

  it('may have parameters of a kind that there is not', async () => {
    const paramKind = { apiVersion: 'example.com/v1', kind: 'Limit' };
    expect(await outcome(policy({ paramKind, mutations: [label('a')] }))).toBe(
      `403 Forbidden: policy "p" denied request: failed to configure policy: failed to find resource referenced by paramKind: 'example.com/v1, Kind=Limit'`,
    );
  });

  it('tells all that went wrong', async () => {
    const wrong = policy({ mutations: [patching('[JSONPatch{op: "turn", path: "/"}]'), configuring('object')] });
    const error = await failureOf(() => pluginOf(wrong).admit(recordedRequest(pods, 'CREATE', pod())));
    const causes = ['JSON Patch: Unexpected kind: turn', 'compilation error: must evaluate to Object but got dyn'];
    expect((error as ApiError).status.details).toEqual({
      name: 'web',
      kind: 'pods',
      causes: causes.map((problem) => ({ message: `policy 'p' with binding 'p' denied request: ${problem}` })),
    });
  });

  it('is not asked about what is deleted, which has no object', () => {
    expect(['CREATE', 'UPDATE', 'CONNECT', 'DELETE'].map((operation) => pluginOf().handles(operation as never))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});

it('is counted how often mutations were made, and how often not', async () => {
  const counted: string[] = [];
  const count = (...[name, by, error]: [string, string, string, number]) => void counted.push(`${name} ${by} ${error}`);
  const mutations = [label('a'), configuring('object'), patching('[JSONPatch{op: "turn", path: "/"}]')];
  const host = hostOf({ mutatingadmissionpolicies: [policy({ mutations })], mutatingadmissionpolicybindings: [bindingOf('p')] });
  const plugin = new MutatingPolicies({ ...host, policyEvents: { validated: () => undefined, mutated: count } });
  await failureOf(() => plugin.admit(recordedRequest(pods, 'CREATE', pod())));
  expect(counted).toEqual(['p p no_error', 'p p compile_error', 'p p invalid_error']);
});

describe('a second round', () => {
  const count = (name: string) =>
    label(name, `(${name === 'b' ? 'has(object.metadata.labels.b)' : 'has(object.metadata.labels.a)'} ? "again" : "once")`);
  const twice = (...policies: readonly KubeObject[]) => {
    const plugin = pluginOf(...policies);
    const request: RecordedRequest = recordedRequest(pods, 'CREATE', pod());
    return { plugin, request };
  };

  it('is asked for by changes, and asks those that want to see what others have changed', async () => {
    const { plugin, request } = twice(
      policy({ mutations: [count('a')], reinvocationPolicy: 'IfNeeded' }, 'p'),
      policy({ mutations: [count('b')] }, 'q'),
    );
    await plugin.admit(request);
    expect([request.object, request.told.reinvocations]).toEqual([labelled({ a: 'once', b: 'once' }), 2]);
    request.round = 1;
    await plugin.admit(request);
    expect(request.object).toEqual(labelled({ a: 'again', b: 'once' }));
  });

  it('leaves alone those that have seen the last change', async () => {
    const { plugin, request } = twice(policy({ mutations: [count('a')], reinvocationPolicy: 'IfNeeded' }));
    await plugin.admit(request);
    request.round = 1;
    await plugin.admit(request);
    expect(request.object).toEqual(labelled({ a: 'once' }));
  });

  it('asks again also when other plugins have changed the object', async () => {
    const { plugin, request } = twice(policy({ mutations: [count('a')], reinvocationPolicy: 'IfNeeded' }));
    await plugin.admit(request);
    request.round = 1;
    Object.assign(request.object?.metadata.labels as object, { other: 'x' });
    await plugin.admit(request);
    expect(request.object).toEqual(labelled({ a: 'again', other: 'x' }));
  });
});

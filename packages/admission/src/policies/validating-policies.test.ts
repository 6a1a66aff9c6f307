import { ApiError, type AuthorizationAttributes, type KubeObject } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { failureOf, namespaces, pods, served, target } from '../testing/attributes.js';
import { hostOf, type ObjectsByResource } from '../testing/host.js';
import { type RecordedRequest, recordedRequest } from '../testing/recorded-request.js';
import type { PolicyEvents } from './policy-events.js';
import { ValidatingPolicies } from './validating-policies.js';

type PolicySpec = admissionregistration.v1.ValidatingAdmissionPolicySpec;
type BindingSpec = admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec;

const configMaps = target('', 'ConfigMap', 'configmaps');
const limits = target('example.com', 'Limit', 'limits');
const everything = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] };

const named = (name: string, more: object): KubeObject => ({ metadata: { name }, ...more });
/** With the defaults that are stored. */
const matching = (resources: admissionregistration.v1.MatchResources) => ({ namespaceSelector: {}, objectSelector: {}, ...resources });
const policy = ({ matchConstraints = { resourceRules: [everything] }, ...spec }: Partial<PolicySpec>, name = 'p') =>
  named(name, { spec: { failurePolicy: 'Fail', matchConstraints: matching(matchConstraints), ...spec } });
const binding = ({ matchResources, ...spec }: Partial<BindingSpec> = {}, name = 'b') =>
  named(name, {
    spec: { policyName: 'p', validationActions: ['Deny'], ...(matchResources && { matchResources: matching(matchResources) }), ...spec },
  });
const pod: KubeObject & { spec: object } = {
  metadata: { name: 'web', namespace: 'n', labels: { team: 'a' } },
  spec: { containers: [{ name: 'c', image: 'x:1' }] },
};

interface Setting {
  readonly policies?: readonly KubeObject[];
  readonly bindings?: readonly KubeObject[];
  readonly objects?: ObjectsByResource;
  readonly namespaced?: boolean;
  readonly authorize?: (attributes: AuthorizationAttributes) => boolean;
  readonly events?: PolicyEvents;
}

function pluginOf({ policies = [], bindings = [binding()], objects, namespaced = true, authorize = () => true, events }: Setting) {
  const all = {
    validatingadmissionpolicies: policies,
    validatingadmissionpolicybindings: bindings,
    namespaces: [named('n', {})],
    ...objects,
  };
  const host = hostOf(all);
  const resourcesOf: typeof host.objects.resourcesOf = ({ kind }) => (kind === 'Limit' ? [{ resource: limits.resource, namespaced }] : []);
  const authorizer = {
    authorize: async (attributes: AuthorizationAttributes) => ({
      decision: authorize(attributes) ? ('allow' as const) : ('deny' as const),
    }),
  };
  return new ValidatingPolicies({ objects: { ...host.objects, resourcesOf }, authorizer, policyEvents: events ?? host.policyEvents });
}

/** What a request is answered, or that it was admitted. */
async function outcome(setting: Setting, request = recordedRequest(pods, 'CREATE', pod)): Promise<string> {
  const plugin = pluginOf(setting);
  const error = await failureOf(() => plugin.validate(request));
  if (error === undefined) return 'admitted';
  if (!(error instanceof ApiError)) throw error;
  return `${error.code} ${error.reason}: ${error.message.replace(/^pods "web" is forbidden: ValidatingAdmissionPolicy /, '')}`;
}

const denied = (message: string, code = '422 Invalid') => `${code}: 'p' with binding 'b' denied request: ${message}`;
const validating = (expression: string, more: object = {}) => policy({ validations: [{ expression, ...more }] });

describe('a validation', () => {
  it.each<[string, object, string]>([
    ['object.metadata.labels.team == "a"', {}, 'admitted'],
    ['object.metadata.labels.team == "b"', {}, denied('failed expression: object.metadata.labels.team == "b"')],
    ['false', { message: ' no ' }, denied('no')],
    ['false', { message: 'no', messageExpression: '"no " + object.metadata.name' }, denied('no web')],
    ['false', { message: 'no', messageExpression: 'object.nothing' }, denied('no')],
    ['false', { message: 'no', messageExpression: '"a\\nb"' }, denied('no')],
    ['false', { message: 'no', messageExpression: '"  "' }, denied('no')],
    [
      'false',
      {
        message: 'no',
        messageExpression:
          '["xxxxxxxxxxxxxxxx"].map(x, x + x + x + x)[0].replace("x", "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy")',
      },
      denied('no'),
    ],
    ['false', { reason: 'Forbidden' }, denied('failed expression: false', '403 Forbidden')],
    ['false', { reason: 'Unauthorized' }, denied('failed expression: false', '401 Unauthorized')],
    ['false', { reason: 'RequestEntityTooLarge' }, denied('failed expression: false', '413 RequestEntityTooLarge')],
    ['object.nothing == 1', {}, denied("expression 'object.nothing == 1' resulted in error: no such key: nothing")],
    [
      'object.',
      {},
      denied(
        "compilation error: compilation failed: ERROR: <input>:1:8: Syntax error: no viable alternative at input '.'\n | object.\n | .......^",
      ),
    ],
  ])('%s %j', async (expression, more, expected) => {
    expect(await outcome({ policies: [validating(expression, more)] })).toBe(expected);
  });

  it('that cannot be evaluated is as good as true where failures are ignored', async () => {
    const failing = policy({ failurePolicy: 'Ignore', validations: [{ expression: 'object.nothing == 1' }, { expression: 'object.' }] });
    expect(await outcome({ policies: [failing] })).toBe('admitted');
    const untrue = policy({ failurePolicy: 'Ignore', validations: [{ expression: 'object.nothing == 1' }, { expression: 'false' }] });
    expect(await outcome({ policies: [untrue] })).toBe(denied('failed expression: false'));
  });

  it('may cost no more than all of a policy may', async () => {
    const dear =
      '[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c, [1,2,3,4,5,6,7,8,9,10].all(d, [1,2,3,4,5,6,7,8,9,10].all(e, a + b + c + d + e > 0)))))';
    // Where the processor is slow, its time is over first.
    expect([
      denied(`expression '${dear}' resulted in error: operation cancelled: actual cost limit exceeded`),
      denied(`expression '${dear}' resulted in error: operation interrupted`),
    ]).toContain(await outcome({ policies: [validating(dear)] }));
    const costly = dear.replace(/.*\.all\(b/, '[1].all(a, [1,2,3,4,5,6,7,8,9,10].all(b');
    const validations = new Array(100).fill({ expression: costly });
    expect(await outcome({ policies: [policy({ validations })] })).toBe(
      denied('validation failed due to running out of cost budget, no further validation rules will be run'),
    );
  });

  it('whose messages cost too much has none, as all others of its policy', async () => {
    const dear = `"${'a'.repeat(10_000)}".contains("${'b'.repeat(9990)}")`;
    const told = (variables: number, messages: number) => {
      const plain = new Array(9 - variables).fill({ expression: `!${dear}` });
      const expressed = new Array(messages).fill({ expression: 'true', messageExpression: 'variables.dear ? "dear" : "told"' });
      const uses = new Array(Math.max(variables, 0)).fill({ expression: '!variables.dear' });
      const validations = [...plain, ...uses, ...expressed, { expression: 'false', message: 'no' }];
      return outcome({ policies: [policy({ variables: [{ name: 'dear', expression: dear }], validations })] });
    };
    const exhausted = 'validation failed due to running out of cost budget, no further validation rules will be run';
    expect(await told(0, 3)).toBe(denied('no'));
    // Variables are evaluated once for the validations and once for the messages.
    expect(await told(2, 3)).toBe(denied('no'));
    expect(await told(-1, 3)).toBe(denied(`failed messageExpression: ${exhausted}`));
  });

  it('sees what it is told of a request', async () => {
    const seen = [
      'request.operation == "UPDATE" && request.name == "web" && request.namespace == "n" && !request.dryRun',
      'request.kind.kind == "Pod" && request.resource.resource == "pods" && request.userInfo.username == "admin"',
      'object.metadata.labels.team != oldObject.metadata.labels.team && object.kind == "Pod" && object.apiVersion == "v1"',
      'namespaceObject.metadata.name == "n"',
      'variables.images.all(i, i.startsWith("x:"))',
    ];
    const variables = [
      { name: 'containers', expression: 'object.spec.containers' },
      { name: 'images', expression: 'variables.containers.map(c, c.image)' },
      { name: 'wrong', expression: 'object.nothing' },
    ];
    const request = recordedRequest(pods, 'UPDATE', pod, { oldObject: { ...pod, metadata: { ...pod.metadata, labels: { team: 'b' } } } });
    const validations = seen.map((expression) => ({ expression }));
    expect(await outcome({ policies: [policy({ variables, validations })] }, request)).toBe('admitted');
    const referring = policy({ variables, validations: [{ expression: 'variables.wrong == 1' }] });
    expect(await outcome({ policies: [referring] })).toBe(
      denied('expression \'variables.wrong == 1\' resulted in error: composited variable "wrong" fails to evaluate: no such key: nothing'),
    );
  });

  it('asks what users may do, once each', async () => {
    const asked: string[] = [];
    const authorize = ({ verb, resource, name, user }: AuthorizationAttributes) => {
      asked.push(`${user.name} ${verb} ${resource}/${name}`);
      return verb === 'get';
    };
    const check = (verb: string) => `authorizer.requestResource.check('${verb}').allowed()`;
    const validations = [check('get'), `!${check('delete')}`, `${check('get')} && !${check('delete')}`].map((expression) => ({
      expression,
    }));
    expect(await outcome({ policies: [policy({ validations })], authorize })).toBe('admitted');
    expect(asked).toEqual(['admin get pods/web', 'admin delete pods/web']);
  });
});

describe('a policy', () => {
  const no = validating('false');

  it('without bindings, or whose bindings are for others, does nothing', async () => {
    expect(await outcome({ policies: [no], bindings: [] })).toBe('admitted');
    expect(await outcome({ policies: [no], bindings: [binding({ policyName: 'q' })] })).toBe('admitted');
  });

  it('is about what it and its binding select', async () => {
    const rule = (resources: string[], resourceNames?: string[]) => ({ ...everything, resources, ...(resourceNames && { resourceNames }) });
    const about = (matchConstraints: admissionregistration.v1.MatchResources) =>
      policy({ validations: [{ expression: 'false' }], matchConstraints });
    expect(await outcome({ policies: [about({ resourceRules: [rule(['secrets'])] })] })).toBe('admitted');
    expect(await outcome({ policies: [about({ resourceRules: [rule(['pods'], ['other'])] })] })).toBe('admitted');
    expect(await outcome({ policies: [about({ resourceRules: [rule(['pods'], ['web'])] })] })).toContain('denied');
    expect(await outcome({ policies: [about({ resourceRules: [everything], excludeResourceRules: [rule(['pods'])] })] })).toBe('admitted');
    const bound = (matchResources: admissionregistration.v1.MatchResources) =>
      outcome({ policies: [no], bindings: [binding({ matchResources })] });
    expect(await bound({ objectSelector: { matchLabels: { team: 'b' } } })).toBe('admitted');
    expect(await bound({ objectSelector: { matchLabels: { team: 'a' } } })).toContain('denied');
    expect(await bound({ resourceRules: [rule(['secrets'])] })).toBe('admitted');
  });

  it('is not about policies, bindings and reviews', async () => {
    const plugin = pluginOf({ policies: [no] });
    for (const [group, resource] of [
      ['admissionregistration.k8s.io', 'validatingadmissionpolicies'],
      ['admissionregistration.k8s.io', 'mutatingadmissionpolicybindings'],
      ['authorization.k8s.io', 'subjectaccessreviews'],
    ] as const)
      expect(plugin.validate(recordedRequest(target(group, 'X', resource), 'CREATE', pod))).toEqual(undefined);
  });

  it('has conditions', async () => {
    const when = (expression: string, failurePolicy = 'Fail') =>
      outcome({
        policies: [policy({ failurePolicy, validations: [{ expression: 'false' }], matchConditions: [{ name: 'c', expression }] })],
      });
    expect(await when('object.metadata.name == "other"')).toBe('admitted');
    expect(await when('object.metadata.name == "web"')).toBe(denied('failed expression: false'));
    expect(await when('object.nothing == 1')).toBe(denied("expression 'object.nothing == 1' resulted in error: no such key: nothing"));
    expect(await when('object.nothing == 1', 'Ignore')).toBe('admitted');
    expect(await when('namespaceObject == null')).toBe(denied('failed expression: false'));
  });

  it('sees objects in the version that its rules name', async () => {
    const hub = target('', 'Pod', 'pods');
    const v2 = { ...served({ kind: { ...hub.kind, version: 'v2' }, resource: { ...hub.resource, version: 'v2' } }) };
    const version = served(hub, '', [v2]);
    const matchConstraints = { matchPolicy: 'Equivalent', resourceRules: [{ ...everything, apiVersions: ['v2'] }] };
    const expression = 'object.apiVersion == "v2" && request.kind.version == "v2" && request.requestKind.version == "v1"';
    const request = recordedRequest(hub, 'CREATE', pod, { served: version });
    expect(await outcome({ policies: [policy({ matchConstraints, validations: [{ expression }] })] }, request)).toBe('admitted');
    const not = policy({ matchConstraints, validations: [{ expression: `!(${expression})` }] });
    expect(await outcome({ policies: [not] }, request)).toContain('denied');
  });
});

describe('parameters', () => {
  const limit = (name: string, max: number, namespace?: string, labels = {}) =>
    ({ metadata: { name, labels, ...(namespace && { namespace }) }, max }) as KubeObject;
  const limited = policy({
    paramKind: { apiVersion: 'example.com/v1', kind: 'Limit' },
    validations: [
      {
        expression: 'params == null || (size(object.metadata.name) <= params.max && params.kind == "Limit")',
        messageExpression: '"at most " + string(params.max)',
      },
    ],
  });
  const withParams = (paramRef: BindingSpec['paramRef'] | undefined, objects: readonly KubeObject[], setting: Setting = {}) =>
    outcome({ policies: [limited], bindings: [binding(paramRef && { paramRef })], objects: { limits: objects }, ...setting });

  it('are found by name, in the namespace of the request or the one that the binding says', async () => {
    expect(await withParams({ name: 'l' }, [limit('l', 2, 'n')])).toBe(denied('at most 2'));
    expect(await withParams({ name: 'l' }, [limit('l', 3, 'n')])).toBe('admitted');
    expect(await withParams({ name: 'l', namespace: 'm' }, [limit('l', 2, 'm'), limit('l', 3, 'n')])).toBe(denied('at most 2'));
    expect(await withParams({ name: 'l' }, [limit('l', 2)], { namespaced: false })).toBe(denied('at most 2'));
  });

  it('are found by labels, all of them', async () => {
    const all = [limit('l', 3, 'n', { a: 'b' }), limit('m', 1, 'n', { a: 'b' }), limit('o', 2, 'n')];
    expect(await withParams({ selector: { matchLabels: { a: 'b' } } }, all)).toBe(denied('at most 1'));
    expect(await withParams({ selector: { matchLabels: { a: 'c' } } }, all)).toBe('admitted');
    expect(await withParams({ selector: {} }, [limit('x', 1, 'm'), limit('l', 3, 'n')])).toBe('admitted');
  });

  it('that are not there stop the request or not, as the binding says', async () => {
    const configured = (problem: string) => denied(`failed to configure binding: ${problem}`);
    expect(await withParams({ name: 'l', parameterNotFoundAction: 'Allow' }, [])).toBe('admitted');
    expect(await withParams({ name: 'l', parameterNotFoundAction: 'Deny' }, [])).toBe(
      configured('no params found for policy binding with `Deny` parameterNotFoundAction'),
    );
    expect(await withParams(undefined, [])).toBe('admitted');
    expect(await withParams({ name: 'l', namespace: 'm' }, [], { namespaced: false })).toBe(
      configured('paramRef.namespace must not be provided for a cluster-scoped `paramKind`'),
    );
    const outside = recordedRequest(namespaces, 'CREATE', named('web', {}));
    const plugin = pluginOf({ policies: [limited], bindings: [binding({ paramRef: { name: 'l' } })] });
    expect(await failureOf(() => plugin.validate(outside))).toMatchObject({
      message: `namespaces "web" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed to configure binding: cannot use namespaced paramRef in policy binding that matches cluster-scoped resources`,
    });
  });

  it('may be of a kind that there is not', async () => {
    const paramKind = { apiVersion: 'example.com/v1', kind: 'Other' };
    const problem = "failed to configure policy: failed to find resource referenced by paramKind: 'example.com/v1, Kind=Other'";
    const spec = { paramKind, validations: [{ expression: 'true' }] };
    expect(await outcome({ policies: [policy(spec)] })).toBe(`422 Invalid: 'p' denied request: ${problem}`);
    expect(await outcome({ policies: [policy({ ...spec, failurePolicy: 'Ignore' })] })).toBe('admitted');
  });
});

describe('what a binding has done', () => {
  async function told(setting: Setting): Promise<RecordedRequest['told'] & { outcome: string }> {
    const request = recordedRequest(pods, 'CREATE', pod);
    const said = await outcome(setting, request);
    return { ...request.told, outcome: said };
  }

  it('is to refuse, to warn or to note', async () => {
    const both = { policies: [validating('object.metadata.name < "a"')], bindings: [binding({ validationActions: ['Warn', 'Audit'] })] };
    expect(await told(both)).toEqual({
      outcome: 'admitted',
      reinvocations: 0,
      warnings: [`Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': failed expression: object.metadata.name < "a"`],
      annotations: {
        'validation.policy.admission.k8s.io/validation_failure':
          '[{"message":"failed expression: object.metadata.name \\u003c \\"a\\"","policy":"p","binding":"b","expressionIndex":0,"validationActions":["Warn","Audit"]}]',
      },
    });
  });

  it('tells all that fails, and the first one as the cause', async () => {
    const policies = [
      policy({ validations: [{ expression: 'true' }, { expression: 'false', message: 'one' }, { expression: 'false', message: 'two' }] }),
    ];
    const request = recordedRequest(configMaps, 'CREATE', named('c', {}));
    const plugin = pluginOf({ policies, bindings: [binding({ validationActions: ['Deny', 'Audit'] })] });
    const message = "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: one";
    expect(await failureOf(() => plugin.validate(request))).toMatchObject({
      status: {
        code: 422,
        reason: 'Invalid',
        message: `configmaps "c" is forbidden: ${message}`,
        details: { name: 'c', kind: 'configmaps', causes: [{ message }] },
      },
    });
  });

  it('adds annotations to audit events', async () => {
    const auditAnnotations = [
      { key: 'name', valueExpression: '" " + object.metadata.name + " "' },
      { key: 'none', valueExpression: 'null' },
      { key: 'empty', valueExpression: '"  "' },
      { key: 'of', valueExpression: 'request.operation' },
    ];
    expect(await told({ policies: [policy({ auditAnnotations })], bindings: [binding(), binding({}, 'c')] })).toEqual({
      outcome: 'admitted',
      reinvocations: 0,
      warnings: [],
      annotations: { 'p/name': 'web', 'p/of': 'CREATE' },
    });
    const failing = [{ key: 'a', valueExpression: 'string(object.nothing)' }];
    expect((await told({ policies: [policy({ auditAnnotations: failing })] })).outcome).toBe(
      denied("expression 'string(object.nothing)' resulted in error: no such key: nothing"),
    );
    expect((await told({ policies: [policy({ auditAnnotations: failing, failurePolicy: 'Ignore' })] })).outcome).toBe('admitted');
  });

  it('is counted, with what is ignored, and not what holds', async () => {
    const counted: string[] = [];
    const events: PolicyEvents = {
      validated: (...[name, by, error, action]) => void counted.push(`${name} ${by} ${error} ${action}`),
      mutated: () => undefined,
    };
    const validations = ['true', 'false', 'object.nothing == 1', 'object.'].map((expression) => ({ expression }));
    const bindings = [binding({ validationActions: ['Deny', 'Audit'] })];
    await told({ policies: [policy({ validations })], bindings, events });
    expect(counted.splice(0)).toEqual(
      ['invalid_error', 'invalid_error', 'compile_error'].flatMap((error) => [`p b ${error} deny`, `p b ${error} audit`]),
    );
    await told({ policies: [policy({ validations, failurePolicy: 'Ignore' })], bindings, events });
    expect(counted).toEqual(['p b invalid_error deny', 'p b invalid_error audit', 'p b invalid_error allow', 'p b compile_error allow']);
  });
});

import type { admissionregistration } from '@keelson/schema';
import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail, startBuiltInServer } from '../testing/built-in-server.js';
import { ValidatingPolicyStatus } from './validating-policy-status.js';

type Policy = admissionregistration.v1.ValidatingAdmissionPolicy;
type PolicySpec = admissionregistration.v1.ValidatingAdmissionPolicySpec;

const root = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
let server: TestServer;
let controller: ValidatingPolicyStatus;

beforeEach(async () => {
  server = await startBuiltInServer();
  controller = new ValidatingPolicyStatus({ objects: server.api.objects, client: server.api.loopback, onFailure: fail });
});
afterEach(async () => {
  await controller.stop();
  await stopTestServers();
});

const about = (apiGroups: string[], ...resources: string[]) => ({ apiGroups, apiVersions: ['v1'], operations: ['CREATE'], resources });
const deployments = about(['apps'], 'deployments');

async function create(spec: Partial<PolicySpec>, ...resourceRules: object[]): Promise<void> {
  const policy = { metadata: { name: 'p' }, spec: { matchConstraints: { resourceRules }, ...spec } };
  const { code, text } = await server.client.post(root, policy);
  expect(code, text).toBe(201);
}

async function read(): Promise<Policy> {
  return (await server.client.get(`${root}/p`)).json<Policy>();
}

/** Warnings by the fields that they are about, without the line that is shown with each. */
async function warnings(spec: Partial<PolicySpec>, ...rules: object[]): Promise<Record<string, string>> {
  await create(spec, ...rules);
  await controller.start();
  const { expressionWarnings = [] } = (await read()).status?.typeChecking ?? {};
  return Object.fromEntries(expressionWarnings.map(({ fieldRef, warning }) => [fieldRef, warning.replace(/\n \|.*/g, '')]));
}

const validating = (...expressions: string[]) => ({ validations: expressions.map((expression) => ({ expression })) });

describe('the status of a policy', () => {
  it('says that it was looked at, and by whom', async () => {
    await create(validating('object.spec.replicas < 5'), deployments);
    await controller.start();
    const { metadata, status } = await read();
    expect(status).toEqual({ observedGeneration: 1, typeChecking: {} });
    expect(metadata.managedFields?.map(({ manager, operation, subresource }) => [manager, operation, subresource])).toContainEqual([
      'validatingadmissionpolicy-status-controller',
      'Apply',
      'status',
    ]);
  });

  it('follows what the policy is changed to', async () => {
    await create(validating('object.spec.replicas < 5'), deployments);
    await controller.start();
    await server.client.patch(`${root}/p`, 'merge-patch+json', { spec: validating('object.spec.replica < 5') });
    await expect
      .poll(async () => (await read()).status)
      .toEqual({
        observedGeneration: 2,
        typeChecking: {
          expressionWarnings: [
            {
              fieldRef: 'spec.validations[0].expression',
              warning:
                "apps/v1, Kind=Deployment: compilation failed: ERROR: <input>:1:12: undefined field 'replica'\n | object.spec.replica < 5\n | ...........^\n",
            },
          ],
        },
      });
  });
});

describe('warnings', () => {
  it('are about types of fields, of variables and of parameters', async () => {
    const spec = {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      variables: [{ name: 'replicas', expression: 'object.spec.replicas' }],
      validations: [
        { expression: 'object.metadata.creationTimestamp < timestamp("2030-01-01T00:00:00Z") && has(object.metadata.labels)' },
        { expression: 'object.spec.replicas > "5"', messageExpression: 'object.metadata.name + string(oldObject.spec.nothing)' },
        { expression: 'variables.replicas == "1"' },
        { expression: 'params.data["max"] == 1' },
        {
          expression:
            'object.spec.strategy.rollingUpdate.maxSurge == 1 && object.spec.template.spec.containers[0].resources.limits.cpu == "1"',
        },
      ],
    };
    const of = (problem: string) => `apps/v1, Kind=Deployment: compilation failed: ERROR: <input>:${problem}\n`;
    expect(await warnings(spec, deployments)).toEqual({
      'spec.validations[1].expression': of("1:22: found no matching overload for '_>_' applied to '(int, string)'"),
      'spec.validations[1].messageExpression': of("1:45: undefined field 'nothing'"),
      'spec.validations[2].expression': of("1:20: found no matching overload for '_==_' applied to '(int, string)'"),
      'spec.validations[3].expression': of("1:20: found no matching overload for '_==_' applied to '(string, int)'"),
    });
  });

  it('name each kind that a rule is about, in order', async () => {
    const expression = 'object.spec.selector.nothing == 1';
    const rules = [about(['apps', ''], 'statefulsets', 'deployments', 'services', 'deployments/status')];
    expect(await warnings(validating(expression), ...rules)).toEqual({
      'spec.validations[0].expression': [
        "v1, Kind=Service: compilation failed: ERROR: <input>:1:30: found no matching overload for '_==_' applied to '(string, int)'",
        ...['Deployment', 'StatefulSet'].map(
          (kind) => `apps/v1, Kind=${kind}: compilation failed: ERROR: <input>:1:21: undefined field 'nothing'`,
        ),
      ]
        .map((line) => `${line}\n`)
        .join('\n'),
    });
  });

  it('are not made where rules name everything', async () => {
    expect(await warnings(validating('object.nothing == 1'), about(['*'], 'deployments'), about(['apps'], '*'))).toEqual({});
  });
});

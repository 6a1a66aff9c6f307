import { type ReceivedReview, ReviewWebhook } from '@keelson/auth/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { kubectl } from '../testing/kubectl.js';
import { TestApiServer } from '../testing/test-api-server.js';

const configuration = {
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'AuthorizationConfiguration',
  authorizers: [
    {
      type: 'Webhook',
      name: 'gate',
      webhook: {
        timeout: '10s',
        authorizedTTL: '1m',
        unauthorizedTTL: '1m',
        subjectAccessReviewVersion: 'v1',
        matchConditionSubjectAccessReviewVersion: 'v1',
        failurePolicy: 'Deny',
        connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: '{dir}/gate.json' },
        matchConditions: [{ expression: 'has(request.resourceAttributes)' }, { expression: "!request.groups.exists(g, g == 'robots')" }],
      },
    },
    { type: 'RBAC', name: 'rbac' },
  ],
};

let gate: ReviewWebhook;
let server: TestApiServer;

beforeAll(async () => {
  gate = await ReviewWebhook.start(judge);
  const files = { 'gate.json': gate.kubeconfig, 'authorizers.json': JSON.stringify(configuration) };
  const tokens = 'admin,admin,admin-uid,system:masters\nalice,alice,,devs\nrobby,robby,,robots\n';
  server = await TestApiServer.start(['--authorization-config={dir}/authorizers.json'], { ...files, 'tokens.csv': tokens });
});
afterAll(async () => {
  await server.stop();
  await gate.close();
});
beforeEach(() => {
  gate.received.length = 0;
});

/** Config maps may be read, and listed by label; secrets are for nobody; about the rest it says nothing. */
function judge({ spec }: ReceivedReview): object {
  const { resource, verb, labelSelector } = spec.resourceAttributes as Record<string, unknown>;
  if (resource === 'secrets') return { allowed: false, denied: true, reason: 'secrets are kept elsewhere' };
  if (resource === 'configmaps') return { allowed: verb === 'get' || labelSelector !== undefined, reason: 'gate' };
  return { allowed: false, reason: 'not about me' };
}

const ask = (token: string, path: string, body?: object) =>
  server.ask(path, { headers: { authorization: `Bearer ${token}` }, ...(body && { body: body as never }) });
const messageOf = async (token: string, path: string) => {
  const { code, body } = await ask(token, path);
  return [code, (body as { message?: string }).message];
};
const inNamespace = 'in the namespace "default"';

describe('a webhook that a file lists before RBAC', () => {
  it('allows, denies, or leaves it to RBAC, once for the same question', async () => {
    const configMap = '/api/v1/namespaces/default/configmaps/x';
    expect(await messageOf('alice', configMap)).toEqual([404, 'configmaps "x" not found']);
    expect(await messageOf('alice', configMap)).toEqual([404, 'configmaps "x" not found']);
    expect(await messageOf('alice', '/api/v1/namespaces/default/secrets/x')).toEqual([
      403,
      `secrets "x" is forbidden: User "alice" cannot get resource "secrets" in API group "" ${inNamespace}: secrets are kept elsewhere`,
    ]);
    expect(await messageOf('alice', '/api/v1/namespaces/default/pods')).toEqual([
      403,
      `pods is forbidden: User "alice" cannot list resource "pods" in API group "" ${inNamespace}: not about me`,
    ]);
    expect((await ask('admin', '/api/v1/namespaces/default/secrets')).code).toBe(200);
    const about = gate.received.map(({ review }) => [review.spec.user, (review.spec.resourceAttributes as { resource: string }).resource]);
    expect(about).toEqual([
      ['alice', 'configmaps'],
      ['alice', 'secrets'],
      ['alice', 'pods'],
    ]);
  });

  it('sees what a selector narrows a request to', async () => {
    expect((await ask('alice', '/api/v1/configmaps?labelSelector=team%3Da')).code).toBe(200);
    expect((await ask('alice', '/api/v1/configmaps?fieldSelector=metadata.name%3Da')).code).toBe(403);
    const shared = { resource: 'configmaps', verb: 'list', version: 'v1' };
    expect(gate.received.map(({ review }) => review.spec.resourceAttributes)).toEqual([
      { ...shared, labelSelector: { requirements: [{ key: 'team', operator: 'In', values: ['a'] }] } },
      { ...shared, name: 'a', fieldSelector: { requirements: [{ key: 'metadata.name', operator: 'In', values: ['a'] }] } },
    ]);
  });

  it('is not asked about what its conditions leave out', async () => {
    expect((await ask('alice', '/version')).code).toBe(200);
    expect((await ask('robby', '/api/v1/namespaces/default/secrets/x')).code).toBe(403);
    expect(gate.received).toEqual([]);
  });

  it('is what reviews tell of', async () => {
    const review = (resource: string) => ({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user: 'alice', groups: ['devs'], resourceAttributes: { verb: 'get', resource, namespace: 'default' } },
    });
    const statusOf = async (resource: string) =>
      ((await ask('admin', '/apis/authorization.k8s.io/v1/subjectaccessreviews', review(resource))).body as { status?: object }).status;
    expect(await statusOf('configmaps')).toEqual({ allowed: true, reason: 'gate' });
    expect(await statusOf('secrets')).toEqual({ allowed: false, denied: true, reason: 'secrets are kept elsewhere' });
    expect(await statusOf('pods')).toEqual({ allowed: false, reason: 'not about me' });
  });

  it('lets kubectl say who can do what, and that a list of it is not complete', async () => {
    gate.answer = ({ spec }) => {
      const { group } = spec.resourceAttributes as { group?: string };
      return group === 'authorization.k8s.io' ? { allowed: true } : judge({ spec } as ReceivedReview);
    };
    expect(await kubectl(server, '--token=alice', 'auth', 'can-i', 'get', 'secrets')).toEqual({
      code: 1,
      stdout: 'no - secrets are kept elsewhere\n',
      stderr: '',
    });
    expect(await kubectl(server, '--token=alice', 'auth', 'can-i', 'get', 'configmaps')).toEqual({ code: 0, stdout: 'yes\n', stderr: '' });
    const { stderr } = await kubectl(server, '--token=alice', 'auth', 'can-i', '--list');
    expect(stderr).toBe('Warning: the list may be incomplete: webhook authorizer does not support user rule resolution\n');
    gate.answer = judge;
  });

  it('that fails lets nobody through, and is not remembered', async () => {
    const path = '/api/v1/namespaces/failing/configmaps/x';
    gate.answer = (_review, response) => void response.writeHead(403, { 'Content-Type': 'text/plain' }).end('closed');
    const { code, body } = await ask('alice', path);
    expect([code, body]).toEqual([500, `Internal Server Error: "${path}": closed\n`]);
    gate.answer = judge;
    expect((await ask('alice', path)).code).toBe(404);
  });
});

import { type Answer, patchOf, WebhookServer } from '@keelson/admission/testing';
import type { KubeObject } from '@keelson/machinery';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Kubectl, kubectlPrograms } from '../support/kubectl.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';

const [program] = kubectlPrograms();

describe.runIf(program !== undefined)('kubectl and admission webhooks', () => {
  let server: RunningKeelson;
  let webhook: WebhookServer;
  let kubectl: Kubectl;

  const configuration = (kind: 'Mutating' | 'Validating', more: object = {}) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: `${kind}WebhookConfiguration`,
    metadata: { name: 'hooks' },
    webhooks: [
      {
        name: 'maps.example.com',
        clientConfig: webhook.clientConfig,
        rules: [{ operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } },
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        timeoutSeconds: 1,
        ...more,
      },
    ],
  });

  beforeAll(async () => {
    webhook = await WebhookServer.start();
    server = await startApiServer({ backend: 'embedded' });
    if (program !== undefined) kubectl = new Kubectl(program, server);
    for (const kind of ['Mutating', 'Validating'] as const) await kubectl.ok(['apply', '-f', '-'], { input: configuration(kind) });
  });
  afterAll(async () => {
    webhook?.close();
    await server?.stop();
  });
  beforeEach(() => {
    webhook.answer = () => ({});
  });

  const map = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data: { a: 'b' } });
  const create = async (name: string, answer: Answer) => {
    webhook.answer = answer;
    const { code, stderr } = await kubectl.run(['create', '-f', '-'], { input: map(name) });
    return [code, stderr];
  };

  it('tell why something was denied', async () => {
    const status = { message: 'not in this namespace', reason: 'Forbidden', code: 403 } as never;
    expect(await create('denied', () => ({ allowed: false, status }))).toEqual([
      1,
      'Error from server (Forbidden): error when creating "STDIN": admission webhook "maps.example.com" denied the request: not in this namespace\n',
    ]);
    expect(await create('denied', () => ({ allowed: false }))).toEqual([
      1,
      'Error from server: error when creating "STDIN": admission webhook "maps.example.com" denied the request without explanation\n',
    ]);
  });

  it('tell that a webhook does not answer', async () => {
    expect(await create('late', () => undefined)).toEqual([
      1,
      `Error from server (InternalError): error when creating "STDIN": Internal error occurred: failed calling webhook "maps.example.com": failed to call webhook: Post "${webhook.url}?timeout=1s": context deadline exceeded\n`,
    ]);
  });

  it('pass warnings on', async () => {
    expect(await create('warned', () => ({ warnings: ['ask before you do this'] }))).toEqual([0, 'Warning: ask before you do this\n']);
  });

  it('show what was changed on the way', async () => {
    const isNew = (object: object | null) => object !== null && !('uid' in (object as KubeObject).metadata);
    webhook.answer = ({ request: { operation, object } }) =>
      operation === 'CREATE' && isNew(object) ? patchOf({ op: 'add', path: '/data/by', value: 'webhook' }) : {};
    const made = await kubectl.json<{ data: object }>(['create', '-f', '-'], { input: map('changed') });
    expect(made.data).toEqual({ a: 'b', by: 'webhook' });
    expect(await kubectl.ok(['diff', '-f', '-'], { input: { ...map('changed'), data: made.data } })).toBe('');
  });

  it('warn of a webhook that leases depend on', async () => {
    const everything = { rules: [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }], namespaceSelector: {} };
    const { stderr } = await kubectl.run(['apply', '--dry-run=server', '-f', '-'], { input: configuration('Validating', everything) });
    expect(stderr).toMatch(/^Warning: webhook "maps.example.com" is asked about leases in kube-node-lease and kube-system, by which /);
  });
});

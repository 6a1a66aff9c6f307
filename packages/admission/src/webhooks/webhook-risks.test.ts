import type { KubeObject } from '@keelson/machinery';
import { expect, it } from 'vitest';
import { pods, target } from '../testing/attributes.js';
import { hostOf } from '../testing/host.js';
import { recordedRequest } from '../testing/recorded-request.js';
import type { WebhookSpec } from './webhook.js';
import { mutatingWebhooks, validatingWebhooks } from './webhook-plugins.js';

const namespace = (name: string): KubeObject => ({ metadata: { name, labels: { 'kubernetes.io/metadata.name': name } } });
const namespaces = ['kube-system', 'kube-node-lease', 'hooks'].map(namespace);
const KINDS = { mutating: 'MutatingWebhookConfiguration', validating: 'ValidatingWebhookConfiguration' } as const;

async function warnings(webhook: Partial<WebhookSpec>, of: keyof typeof KINDS = 'validating', warnOfRisks = true): Promise<string[]> {
  const host = hostOf({ namespaces });
  const makePlugin = of === 'mutating' ? mutatingWebhooks : validatingWebhooks;
  const plugin = await makePlugin({ ...host, webhooks: { ...host.webhooks, warnOfRisks } });
  const all = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] };
  const spec: Partial<WebhookSpec> = {
    name: 'a.x.io',
    rules: [all],
    clientConfig: { url: 'https://x.io' },
    failurePolicy: 'Fail',
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
    ...webhook,
  };
  const kind = target('admissionregistration.k8s.io', KINDS[of], `${KINDS[of].toLowerCase()}s`);
  const request = recordedRequest(kind, 'CREATE', { metadata: { name: 'c' }, webhooks: [spec] } as KubeObject);
  await plugin.validate(request);
  return request.told.warnings;
}

const exclude = ': exclude them by its rules or, with the label kubernetes.io/metadata.name, by its namespaceSelector';
const about = (...resources: string[]) => ({
  rules: [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources }],
});
const outside = (...values: string[]) => ({
  namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values }] },
});

it.each(['mutating', 'validating'] as const)('warns of a %s webhook that leases depend on', async (of) => {
  expect(await warnings({}, of)).toEqual([
    `webhook "a.x.io" is asked about leases in kube-node-lease and kube-system, by which nodes and leaders cannot show that they are alive while it does not answer${exclude}`,
  ]);
});

it('says what it means that a webhook is ignored', async () => {
  expect(await warnings({ failurePolicy: 'Ignore', ...outside('kube-node-lease') })).toEqual([
    `webhook "a.x.io" is asked about leases in kube-system, by which nodes and leaders are late to show that they are alive, by its timeout of 10s, while it does not answer${exclude}`,
  ]);
});

it('warns of a webhook that keeps its own pods from starting', async () => {
  const clientConfig = { service: { namespace: 'hooks', name: 'a' } };
  expect(await warnings({ clientConfig, ...about('pods') })).toEqual([
    `webhook "a.x.io" is asked about pods in hooks, where its own service is, and keeps them from starting while it is not running${exclude}`,
  ]);
  expect(await warnings({ clientConfig, ...about('pods'), failurePolicy: 'Ignore' })).toEqual([]);
  expect(await warnings({ clientConfig, ...about('pods'), ...outside('hooks') })).toEqual([]);
  expect(await warnings({ clientConfig: { service: { namespace: 'gone', name: 'a' } }, ...about('pods'), ...outside('hooks') })).toEqual(
    [],
  );
});

it.each([
  ['other resources', about('configmaps')],
  ['other namespaces', outside('kube-system', 'kube-node-lease')],
  ['labels that leases do not have', { objectSelector: { matchLabels: { app: 'web' } } }],
  ['a selector that is wrong', { objectSelector: { matchExpressions: [{ key: 'a', operator: 'Near' }] } }],
])('has nothing to say of %s', async (_, webhook) => {
  expect(await warnings(webhook)).toEqual([]);
});

it('can be switched off, and says nothing of other objects', async () => {
  expect(await warnings({}, 'validating', false)).toEqual([]);
  const host = hostOf({ namespaces });
  const plugin = await mutatingWebhooks({ ...host, webhooks: { ...host.webhooks, warnOfRisks: true } });
  expect(plugin.validate(recordedRequest(pods, 'CREATE', { metadata: {} }))).toBeUndefined();
});

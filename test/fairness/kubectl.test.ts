import { WebhookServer } from '@keelson/admission/testing';
import type { KubeObject } from '@keelson/machinery';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpsGet } from '../support/https-get.js';
import { Kubectl, kubectlPrograms } from '../support/kubectl.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';

const flow = { apiVersion: 'flowcontrol.apiserver.k8s.io/v1' };
/** One seat, for which nobody waits. */
const level = {
  ...flow,
  kind: 'PriorityLevelConfiguration',
  metadata: { name: 'narrow' },
  spec: { type: 'Limited', limited: { nominalConcurrencyShares: 1, borrowingLimitPercent: 0, limitResponse: { type: 'Reject' } } },
};
const schema = {
  ...flow,
  kind: 'FlowSchema',
  metadata: { name: 'narrow' },
  spec: {
    matchingPrecedence: 100,
    priorityLevelConfiguration: { name: 'narrow' },
    rules: [
      {
        subjects: [{ kind: 'User', user: { name: 'alice' } }],
        // Not what kubectl asks on its way there.
        resourceRules: [{ verbs: ['*'], apiGroups: [''], resources: ['configmaps'], namespaces: ['*'] }],
      },
    ],
  },
};
const rights = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'alice' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'alice' }],
};
const maps = '/api/v1/namespaces/default/configmaps';

describe.each(kubectlPrograms())('kubectl $version that finds no seat', (program) => {
  let server: RunningKeelson;
  let webhook: WebhookServer;
  let kubectl: Kubectl;
  let alice: readonly string[];

  beforeAll(async () => {
    webhook = await WebhookServer.start();
    // Of 20 seats for all, a level with one share has one.
    server = await startApiServer({
      backend: 'embedded',
      flags: { 'max-requests-inflight': '10', 'max-mutating-requests-inflight': '10' },
    });
    kubectl = new Kubectl(program, server);
    alice = [`--token=${server.aliceToken}`];
    const hooks = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'slow' },
      webhooks: [
        {
          name: 'slow.example.com',
          clientConfig: webhook.clientConfig,
          rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          timeoutSeconds: 30,
        },
      ],
    };
    for (const input of [level, schema, rights, hooks]) await kubectl.ok(['create', '-f', '-'], { input });
  });
  afterAll(async () => {
    webhook?.close();
    await server?.stop();
  });

  /** Has alice create a map, which takes her only seat until the webhook answers. */
  async function hold(name: string) {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    webhook.reviews.length = 0;
    webhook.answer = async () => {
      await released;
      return {};
    };
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } };
    const created = kubectl.run([...alice, 'create', '-f', '-'], { input: map });
    await expect.poll(() => webhook.reviews.length, { timeout: 30_000 }).toBe(1);
    return { created, release };
  }

  const refusals = async () => {
    const metrics = await httpsGet(`${server.url}/metrics`, server.ca, server.adminToken);
    const sample = 'apiserver_flowcontrol_rejected_requests_total{priority_level="narrow",flow_schema="narrow",reason="concurrency-limit"}';
    const line = metrics?.text.split('\n').find((one) => one.startsWith(sample));
    return Number(line?.slice(sample.length) ?? 0);
  };

  it('asks again after the time that it is told, until it finds one', async () => {
    const { created, release } = await hold('first');
    const before = await refusals();
    const reading = kubectl.run([...alice, 'get', 'configmaps', '--output=json', '-v=8']);
    await expect.poll(refusals, { timeout: 30_000 }).toBe(before + 1);
    // Others are not held up.
    expect(await kubectl.ok(['get', 'namespace', 'default', '--output=name'])).toBe('namespace/default\n');
    release();
    expect(await created).toEqual({ code: 0, stdout: 'configmap/first created\n', stderr: '' });
    const { code, stdout, stderr } = await reading;
    expect([code, JSON.parse(stdout).items.map((item: KubeObject) => item.metadata.name)]).toEqual([0, ['first']]);
    const asked = `${server.url}${maps}?limit=500`;
    const told = kubectl.isAtLeast('1.33')
      ? `"Got a Retry-After response" delay="1s" attempt=1 url="${asked}"\n`
      : `Got a Retry-After 1s response for attempt 1 to ${asked}\n`;
    expect(stderr).toContain(told);
  });

  it('says so when it has asked ten times more', async () => {
    const { created, release } = await hold('second');
    const before = await refusals();
    expect(await kubectl.run([...alice, 'get', 'configmaps'])).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Error from server (TooManyRequests): the server has received too many requests and has asked us to try again later (get configmaps)\n',
    });
    expect((await refusals()) - before).toBe(11);
    release();
    expect((await created).stdout).toBe('configmap/second created\n');
  });
});

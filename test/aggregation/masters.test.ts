import { ExtensionServer } from '@keelson/aggregator/testing';
import type { Json, KubeObject } from '@keelson/machinery';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kubectl, kubectlPrograms } from '../support/kubectl.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startCluster } from '../support/start-cluster.js';

const GROUP = 'gadgets.example.com';
const [program] = kubectlPrograms();

describe.runIf(program !== undefined)('three masters and an extension server', () => {
  let cluster: RunningKeelson;
  let extension: ExtensionServer;
  let kubectl: Kubectl;

  beforeAll(async () => {
    extension = await ExtensionServer.start({ group: GROUP });
    cluster = await startCluster({ masters: 3, flags: { 'service-dial-override': `default/gadgets=${extension.address}` } });
    if (program !== undefined) kubectl = new Kubectl(program, cluster);
  });
  afterAll(async () => {
    await extension?.kill();
    await cluster?.stop();
  });

  const untilAvailable = (status: string) =>
    kubectl.ok(['wait', `apiservices/v1.${GROUP}`, `--for=condition=Available=${status}`, '--timeout=60s']);
  const apiService = async () =>
    JSON.parse(await kubectl.ok(['get', 'apiservice', `v1.${GROUP}`, '-o', 'json'])) as KubeObject & { status: Json };
  /** By a connection of its own each time: by any of the masters. */
  const get = () => kubectl.run(['get', '--raw', `/apis/${GROUP}/v1/namespaces/default/gadgets`]);

  it('hand requests on, whichever master gets them, and agree on what they say of it', async () => {
    await kubectl.ok(['apply', '-f', '-'], {
      input: { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', ...extension.apiService() },
    });
    await untilAvailable('True');
    for (let round = 0; round < 9; round++) await expect.poll(async () => (await get()).code).toBe(0);
    expect(new Set(extension.requests.map(({ client }) => client)).size).toBe(1);
    const before = (await apiService()).metadata.resourceVersion;
    await extension.kill();
    await untilAvailable('False');
    extension = await ExtensionServer.start({ group: GROUP, port: extension.port });
    const spec = { spec: { caBundle: extension.caBundle } };
    await kubectl.ok(['patch', 'apiservice', `v1.${GROUP}`, '--type=merge', '-p', JSON.stringify(spec)]);
    await untilAvailable('True');
    for (let round = 0; round < 9; round++) await expect.poll(async () => (await get()).code).toBe(0);
    // What each of them has seen was written once: that it is gone, the patch, that it is back.
    const since = `?watch=true&timeoutSeconds=2&fieldSelector=metadata.name=v1.${GROUP}&resourceVersion=${before}`;
    const events = (await kubectl.ok(['get', '--raw', `/apis/apiregistration.k8s.io/v1/apiservices${since}`])).trim().split('\n');
    expect(events.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(['MODIFIED', 'MODIFIED', 'MODIFIED']);
  });
});

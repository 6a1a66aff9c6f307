import { startTestServer, stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allBuiltInGroups } from '../testing/all-built-in-groups.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ groups: allBuiltInGroups() });
});
afterAll(stopTestServers);

const devices = { requests: [{ name: 'r', exactly: { deviceClassName: 'c', adminAccess: true } }] };

const outcome = ({ code, failure }: { code: number; failure: string }) => (code === 201 ? 'made' : failure);

async function ask(namespace: string, labels: object): Promise<{ claim: string; template: string }> {
  await server.client.post('/api/v1/namespaces', { metadata: { name: namespace, labels } });
  const at = `/apis/resource.k8s.io/v1/namespaces/${namespace}`;
  const claim = await server.client.post(`${at}/resourceclaims`, { metadata: { name: 'n' }, spec: { devices } });
  const template = await server.client.post(`${at}/resourceclaimtemplates`, { metadata: { name: 'n' }, spec: { spec: { devices } } });
  return { claim: outcome(claim), template: outcome(template) };
}

it('is granted where the namespace is labelled for it', async () => {
  expect(await ask('labelled', { 'resource.kubernetes.io/admin-access': 'true' })).toEqual({ claim: 'made', template: 'made' });
});

it('is refused elsewhere', async () => {
  const why =
    'spec.devices.requests[0].adminAccess: Forbidden: admin access to devices requires the ' +
    '`resource.kubernetes.io/admin-access: true` label on the containing namespace';
  expect(await ask('plain', {})).toEqual({
    claim: `422 Invalid: ResourceClaim.resource.k8s.io "n" is invalid: ${why}`,
    template: `422 Invalid: ResourceClaimTemplate.resource.k8s.io "n" is invalid: ${why}`,
  });
});

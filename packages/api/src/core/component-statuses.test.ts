import { defineGroup } from '@keelson/server';
import { startTestServer, stopTestServers } from '@keelson/server/testing';
import { afterAll, expect, it } from 'vitest';
import { createComponentStatuses } from './component-statuses.js';

afterAll(stopTestServers);

const components = [
  { name: 'well', check: async () => ({ healthy: true, message: 'ok' }) },
  { name: 'ill', check: async () => ({ healthy: false, message: 'HTTP probe failed with statuscode: 500' }) },
  { name: 'absent', check: () => Promise.reject(new Error('no such host')) },
];

it('tells what components say of themselves, why they are ill, and what keeps them from being asked', async () => {
  const resources = [createComponentStatuses(components)];
  const group = defineGroup({ group: '', priority: 1, versions: [{ version: 'v1', priority: 1, enabledByDefault: true }], resources });
  const { client } = await startTestServer({ groups: [group] });
  const { items } = (await client.get('/api/v1/componentstatuses')).json<{
    items: { metadata: { name: string }; conditions: object[] }[];
  }>();
  expect(items.map(({ metadata, conditions }) => [metadata.name, ...conditions])).toEqual([
    ['well', { type: 'Healthy', status: 'True', message: 'ok' }],
    ['ill', { type: 'Healthy', status: 'False', message: 'HTTP probe failed with statuscode: 500' }],
    ['absent', { type: 'Healthy', status: 'False', error: 'no such host' }],
  ]);
});

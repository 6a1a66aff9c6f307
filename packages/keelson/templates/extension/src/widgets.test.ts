import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ExtensionServer, type ObjectType, serve } from '@keelson/sdk';
import { startTestControlPlane, type TestControlPlane } from 'keelson/testing';
import { widgets } from './widgets.js';

type Widget = ObjectType<typeof widgets>;

const path = '/apis/__GROUP__/v1/namespaces/default/widgets';

let plane: TestControlPlane;
let server: ExtensionServer;

before(async () => {
  plane = await startTestControlPlane();
  server = await serve({ resources: [widgets], storage: 'memory', port: 0, cluster: plane.access, stopOnSignals: false });
  await server.whenAvailable();
});

after(async () => {
  await server.stop();
  await plane.stop();
});

const create = (name: string, spec: object) =>
  plane.client.post<Widget>(path, { apiVersion: '__GROUP__/v1', kind: 'Widget', metadata: { name }, spec });

test('what is left out is filled in', async () => {
  const { spec } = await create('small', {});
  assert.deepEqual(spec, { color: 'blue', size: 1 });
});

test('large widgets need an owner', async () => {
  await assert.rejects(create('large', { size: 11 }), /spec\.owner: Required value: for size > 10/);
});

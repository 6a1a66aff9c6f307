import { afterAll, beforeAll, describe } from 'vitest';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startCluster } from '../support/start-cluster.js';
import { describeKubectl } from './all-suites.js';

describe('three masters on etcd', () => {
  let server: RunningKeelson | undefined;

  beforeAll(async () => {
    server = await startCluster({ masters: 3 });
  });

  afterAll(() => server?.stop());

  describeKubectl(() => {
    if (server === undefined) throw new Error('the server is started before the tests, not before their block');
    return server;
  });
});

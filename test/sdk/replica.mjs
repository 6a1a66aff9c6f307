// One of several processes that serve an extension together: what they store is in one etcd.
import { defineResource, s, serve } from '@keelson/sdk';

const { ETCD: storage, PORT: port, ADDRESS: host } = process.env;

await serve({
  resources: [
    defineResource({
      group: 'shared.example.com',
      version: 'v1',
      kind: 'Thing',
      scope: 'Cluster',
      spec: s.object({ size: s.int32().default(1) }),
    }),
  ],
  storage,
  host: '127.0.0.1',
  port: Number(port),
  service: { namespace: 'default', name: 'things' },
  // What the cluster's network would lead to this process.
  backend: { host, port: Number(port) },
  trustDelayMs: 1_000,
});

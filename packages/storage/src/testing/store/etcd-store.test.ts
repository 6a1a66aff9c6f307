import { EtcdBackend } from '../../etcd/index.js';
import { startEtcd } from '../etcd/index.js';
import { describeResourceStore } from './describe-resource-store.js';

describeResourceStore('etcd', async () => {
  const cluster = await startEtcd();
  const backend = new EtcdBackend({ endpoints: cluster.endpoints });
  return {
    backend,
    close: async () => {
      await backend.close();
      await cluster.stop();
    },
  };
});

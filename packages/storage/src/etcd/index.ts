export { EtcdBackend } from './etcd-backend.js';
export type { EtcdOptions, EtcdTls } from './etcd-options.js';

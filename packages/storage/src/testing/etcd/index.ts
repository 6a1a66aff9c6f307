export { CountingWriters } from './counting-writers.js';
export type { EtcdMember } from './etcd-member.js';
export { freePorts } from './free-ports.js';
export { type EtcdCluster, type EtcdTlsFiles, type StartEtcdOptions, startEtcd } from './start-etcd.js';
export { type FlowMode, TcpProxy } from './tcp-proxy.js';

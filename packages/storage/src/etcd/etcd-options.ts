import type { Dialer } from '@keelson/machinery';

/** PEM files' contents. */
export interface EtcdTls {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

export interface EtcdOptions {
  /** Client URLs of the members, such as `https://10.0.0.1:2379`; all of them `https` or none. */
  readonly endpoints: readonly string[];
  /** A function is asked again for every new connection, so that rotated files are picked up. */
  readonly tls?: EtcdTls | (() => EtcdTls);
  /** The way to the members; Node's own when absent. */
  readonly dialer?: Dialer;
  readonly auth?: { readonly username: string; readonly password: string };
  /** Time for one member to connect and answer one request; another member is asked then, where that is safe. @default 4000 */
  readonly attemptTimeoutMs?: number;
  /** Time for a request with everything done for it: other members, other attempts, finding out what became of a write. @default 15000 */
  readonly requestTimeoutMs?: number;
  /** Silence after which a watch connection is probed, and the time it has to answer. @default 4000 */
  readonly watchProbeMs?: number;
  /** A key for health checks and revision reads; need not exist. @default '/registry/health' */
  readonly healthKey?: string;
  /** How often history is compacted, together with everyone else who serves this etcd; 0 leaves it to them. @default 0 */
  readonly compactionIntervalMs?: number;
  /** A lease serves keys that are written within this time, or 5 % of their TTL where that is less. @default 60 */
  readonly leaseReuseSeconds?: number;
}

/** Options with the defaults filled in. */
export type EtcdSettings = Required<Omit<EtcdOptions, 'tls' | 'auth' | 'dialer'>> & Pick<EtcdOptions, 'tls' | 'auth' | 'dialer'>;

export function etcdSettings(options: EtcdOptions): EtcdSettings {
  if (options.endpoints.length === 0) throw new RangeError('etcd needs at least one endpoint');
  return {
    attemptTimeoutMs: 4000,
    requestTimeoutMs: 15_000,
    watchProbeMs: 4000,
    healthKey: '/registry/health',
    compactionIntervalMs: 0,
    leaseReuseSeconds: 60,
    ...options,
  };
}

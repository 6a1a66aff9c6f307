import { readFile } from 'node:fs/promises';
import { FileFollower, type Log, type RemoteAccess } from '@keelson/machinery';
import { createLog } from '@keelson/server';
import { Cluster } from '../cluster/cluster.js';
import type { ServedGroup } from './api-service.js';
import { Registration } from './registration.js';
import { replicaAt } from './replica-name.js';
import type { Backend } from './service-objects.js';
import { type ServiceOptions, serviceIn } from './service-reference.js';

export interface RegisterOptions {
  /** What the extension serves. */
  readonly groups: readonly ServedGroup[];
  /** The Service that the cluster reaches the extension by: its certificate has to be for `<name>.<namespace>.svc`. */
  readonly service: ServiceOptions & { readonly name: string };
  /** Where the Service leads; `external`: somebody else makes it. */
  readonly backend: Backend | 'external';
  /**
   * What its certificate is to be checked by, PEM: a file, which is followed, or a function that is asked whenever the
   * cluster is told. While an authority is replaced, both the old and the new one.
   */
  readonly caBundle: { readonly file: string } | (() => string | Promise<string>);
  /**
   * A kubeconfig file, or how to reach the cluster.
   * @default that of the pod, else what kubectl would use
   */
  readonly cluster?: string | RemoteAccess;
  readonly log?: Log;
}

/** An extension server that the cluster knows of. */
export interface Registered {
  /** Tells the cluster at once, as after `caBundle` gives something else. */
  update(): Promise<void>;
  /** Fulfilled when the cluster has found it to be reachable under all its versions; rejects with what it says after half a minute. */
  whenAvailable(): Promise<void>;
  /** Takes the address of this process away; what other replicas use stays. */
  stop(): Promise<void>;
}

/**
 * Tells a cluster of an extension server, whatever that is written in: makes its APIServices, Service and endpoints, or changes
 * them, and keeps them so. Fulfilled when the cluster has been told, however often that has to be tried.
 */
export async function register(options: RegisterOptions): Promise<Registered> {
  const { log = createLog({ format: 'text', verbosity: 0 }), groups, backend, caBundle } = options;
  const cluster = await Cluster.open(options.cluster, log);
  const registration = new Registration({
    client: cluster.client,
    service: serviceIn(cluster.namespace, options.service, options.service.name),
    servicePort: options.service.port,
    groups,
    backend: backend === 'external' ? undefined : backend,
    replica: replicaAt(backend === 'external' ? 0 : backend.port),
    bundle: typeof caBundle === 'function' ? caBundle : () => readFile(caBundle.file, 'utf8'),
    log,
  });
  const follower = typeof caBundle === 'function' ? undefined : followFile(caBundle.file, registration, log);
  await registration.start();
  return {
    update: () => registration.apply(),
    whenAvailable: () => registration.available(),
    async stop() {
      follower?.close();
      await registration.stop();
      await cluster.close();
    },
  };
}

function followFile(file: string, registration: Registration, log: Log): FileFollower {
  const follower = new FileFollower(
    [file],
    () => registration.applySoon(),
    (directory, error) => log.warn('changes of the CA bundle may be noticed late', { directory, error }),
  );
  follower.start();
  return follower;
}

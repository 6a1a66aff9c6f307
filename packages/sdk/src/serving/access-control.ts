import type { AdmissionPlugin, Log } from '@keelson/machinery';
import type { ApiServerConfig, Instruments } from '@keelson/server';
import type { Cluster } from '../cluster/cluster.js';
import { DelegatedAuthenticator } from '../delegation/delegated-authenticator.js';
import { delegatedAuthorizer } from '../delegation/delegated-authorizer.js';
import { followTrust } from '../delegation/follow-trust.js';
import type { Installed } from './api-groups.js';
import { CLUSTER_PLUGINS, clusterPlugins } from './cluster-plugins.js';
import type { ServeOptions } from './serve-options.js';
import type { ServingTls } from './serving-tls.js';

export interface AccessControlParts {
  /** Undefined where the options say all that a cluster would be asked. */
  readonly cluster: Cluster | undefined;
  readonly instruments: Instruments;
  readonly installed: readonly Installed[];
  readonly tls: ServingTls;
  readonly log: Log;
}

/** Who asks, what they may do, and what may be written: as the cluster has it, unless the options say otherwise. */
export async function accessControl(
  options: ServeOptions,
  parts: AccessControlParts,
): Promise<Pick<ApiServerConfig, 'authenticator' | 'authorizer' | 'admissionPlugins'>> {
  const { cluster, instruments, installed, tls, log } = parts;
  const authenticator = options.authenticator ?? delegatedAuthenticator(needed(cluster), tls, log);
  const authorizer = options.authorizer ?? delegatedAuthorizer(needed(cluster).access, instruments);
  const names = options.admissionPlugins ?? CLUSTER_PLUGINS;
  const plugins = cluster === undefined ? [] : await clusterPlugins(names, { objects: cluster.objects, authorizer, instruments, log });
  const hooks: AdmissionPlugin[] = installed.flatMap(({ definition, made }) => definition.plugin(made) ?? []);
  return { authenticator, authorizer, admissionPlugins: [...plugins, ...hooks, ...(options.moreAdmission ?? [])] };
}

function needed(cluster: Cluster | undefined): Cluster {
  if (cluster === undefined) throw new Error('there is no cluster to ask');
  return cluster;
}

function delegatedAuthenticator({ access, objects }: Cluster, tls: ServingTls, log: Log): DelegatedAuthenticator {
  const authenticator = new DelegatedAuthenticator(access, log);
  followTrust(
    objects,
    (published) => {
      authenticator.trust(published);
      tls.trust(published);
    },
    log,
  );
  return authenticator;
}

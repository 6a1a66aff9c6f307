import type { AdmissionPlugin, Authenticator, Authorizer, Log, RemoteAccess } from '@keelson/machinery';
import type { CertificateFilePaths } from '../certificates/certificate-files.js';
import type { Backend } from '../registration/service-objects.js';
import type { ServiceOptions } from '../registration/service-reference.js';
import type { ServableResource } from '../resource/extension-resource.js';
import type { StorageOptions } from './open-storage.js';

export interface ServeOptions {
  readonly resources: readonly ServableResource[];
  /**
   * `memory`, `embedded:DIRECTORY`, the URLs of etcd members with commas between them, or what etcd needs to be known
   * besides. Not needed where nothing is stored.
   */
  readonly storage?: string | StorageOptions;
  /**
   * Starts every key of the store.
   * @default '/registry'
   */
  readonly keyPrefix?: string;
  /** @default '0.0.0.0' */
  readonly host?: string;
  /**
   * 0 takes a free one.
   * @default 8443
   */
  readonly port?: number;
  /**
   * The cluster that the extension belongs to: a kubeconfig file, or how to reach it.
   * @default that of the pod, else what kubectl would use
   */
  readonly cluster?: string | RemoteAccess;
  /** The Service that the cluster reaches the extension by. */
  readonly service?: ServiceOptions;
  /**
   * Where the Service leads; `external`: somebody else makes it, as manifests do for pods. Outside of a pod it leads to this
   * process by default: to localhost where the cluster's server is there, too, else to the first address of this machine.
   */
  readonly backend?: Backend | 'external';
  /**
   * False: nothing is told to the cluster.
   * @default true
   */
  readonly register?: boolean;
  /** Files to serve with; certificates are made and renewed when absent. */
  readonly certificates?: CertificateFilePaths;
  /**
   * How long the cluster's servers are given to hear of another authority before one of its certificates is shown to them.
   * @default 10_000
   */
  readonly trustDelayMs?: number;
  /**
   * Plugins of the cluster that judge writes here, too. None: `[]`.
   * @default NamespaceLifecycle, the two webhook plugins, and ValidatingAdmissionPolicy
   */
  readonly admissionPlugins?: readonly string[];
  /** Asked after those. */
  readonly moreAdmission?: readonly AdmissionPlugin[];
  /** In place of the cluster's word. */
  readonly authenticator?: Authenticator;
  readonly authorizer?: Authorizer;
  /**
   * What requests in flight may take once it is told to stop, after it has been taken out of the cluster.
   * @default 0
   */
  readonly shutdownDelayMs?: number;
  /**
   * Whether SIGTERM and SIGINT stop it.
   * @default true
   */
  readonly stopOnSignals?: boolean;
  readonly log?: Log;
}

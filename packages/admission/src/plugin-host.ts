import type { Authorizer, Features, Json, Log, ObjectAccess, RemoteAccess } from '@keelson/machinery';
import type { KubeconfigUsers } from '@keelson/schema';
import type { PodSecurityEvents } from './pod-security/pod-security-events.js';
import type { TolerationSeconds } from './pods/default-toleration-seconds.js';
import type { PolicyEvents } from './policies/policy-events.js';
import type { WebhookHost } from './webhooks/webhook-host.js';

/** What a server gives to the admission plugins that it makes. */
export interface PluginHost {
  readonly objects: ObjectAccess;
  /** The same that decides on requests. */
  readonly authorizer: Authorizer;
  /** Parts of `--admission-control-config-file` by the plugin they are for, parsed and not yet checked. */
  readonly configurations: ReadonlyMap<string, Json>;
  /** Reads a kubeconfig file that a configuration names. */
  readKubeconfig(file: string): Promise<RemoteAccess>;
  /** The same for one whose users are named after servers. */
  readKubeconfigUsers(file: string): Promise<KubeconfigUsers>;
  readonly webhooks: WebhookHost;
  readonly podSecurity: PodSecurityEvents;
  readonly policyEvents: PolicyEvents;
  /** How long pods that do not say stay on a node that fails. */
  readonly tolerationSeconds: TolerationSeconds;
  /** State of every feature gate by name. */
  readonly features: Features;
  readonly log: Log;
}

import type { LeadershipTimes } from '@keelson/controllers';
import type { DialOverrides } from '@keelson/machinery';
import type { StorageFormat } from '@keelson/server';
import type { PortRange } from '../flags/flag-type.js';
import type { NamedKeyPair } from '../flags/named-key-pairs.js';
import type { RuntimeConfig } from '../flags/runtime-config.js';

/** Everything the server is told from outside, read once from the command line and frozen. Files are named, not yet read. */
export interface ApiServerOptions {
  readonly storage: EtcdStorageOptions | EmbeddedStorageOptions;
  readonly storagePolicy: StoragePolicyOptions;
  readonly serving: ServingOptions;
  readonly authentication: AuthenticationOptions;
  readonly authorization: AuthorizationOptions;
  readonly admission: AdmissionOptions;
  readonly audit: AuditOptions;
  /** Which versions are served: see `isResourceEnabled`. */
  readonly runtimeConfig: RuntimeConfig;
  /** State of every feature gate by name. */
  readonly features: ReadonlyMap<string, boolean>;
  readonly limits: LimitOptions;
  readonly shutdown: ShutdownOptions;
  readonly services: ServiceOptions;
  readonly controllers: ControllerOptions;
  readonly aggregator: AggregatorOptions;
  readonly kubelets: KubeletAccessOptions;
  /** `EgressSelectorConfiguration`: through which proxies connections leave the server. */
  readonly egressConfigurationFile: string | undefined;
  readonly logging: LoggingOptions;
  readonly debugging: DebuggingOptions;
  /** Names of metrics that are not shown. */
  readonly disabledMetrics: readonly string[];
  /** The text of every flag, as it was given or is by default. */
  readonly flags: ReadonlyMap<string, string>;
}

export interface KeyPairFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface EtcdStorageOptions {
  readonly backend: 'etcd3';
  /** URLs, at least one. */
  readonly servers: readonly string[];
  readonly caFile: string | undefined;
  readonly client: KeyPairFiles | undefined;
  readonly healthCheckTimeoutMs: number;
  readonly readyCheckTimeoutMs: number;
  readonly leaseReuseSeconds: number;
}

export interface EmbeddedStorageOptions {
  readonly backend: 'embedded';
  readonly dataDir: string;
}

/** What holds for every backend. */
export interface StoragePolicyOptions {
  /** Starts every key; no slash at the end. */
  readonly prefix: string;
  /** 0: never. */
  readonly compactionIntervalMs: number;
  readonly eventTtlMs: number;
  readonly encryption: EncryptionFileOptions | undefined;
  /** Versions to write objects in, by `v1` or `group/version`. */
  readonly versions: readonly string[];
  /** What objects of built-in kinds are written as. */
  readonly format: StorageFormat;
}

export interface EncryptionFileOptions {
  readonly file: string;
  readonly reload: boolean;
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

export interface ServingOptions {
  readonly bindAddress: string;
  readonly port: number;
  /** Address the server is reached under by others; undefined when none is known (bound to every interface, or to loopback). */
  readonly advertiseAddress: string | undefined;
  /** Host, perhaps with a port, for URLs that point back at this server. */
  readonly externalHostname: string | undefined;
  readonly certificate: KeyPairFiles;
  /** True: the files of `certificate` are made at the start when they do not exist. */
  readonly generateCertificate: boolean;
  /** For clients that ask for certain names; the first for a name counts. */
  readonly namedCertificates: readonly NamedKeyPair[];
  readonly tlsMinVersion: TlsVersion;
  /** OpenSSL names joined by colons, as `node:tls` takes them. */
  readonly tlsCiphers: string;
  readonly http2: boolean;
  readonly http2MaxStreamsPerConnection: number;
  readonly corsAllowedOrigins: readonly string[];
  readonly strictTransportSecurityDirectives: readonly string[];
}

export interface RequestHeaderOptions {
  readonly clientCaFile: string;
  readonly allowedNames: readonly string[];
  readonly usernameHeaders: readonly string[];
  readonly uidHeaders: readonly string[];
  readonly groupHeaders: readonly string[];
  readonly extraHeaderPrefixes: readonly string[];
}

export interface ServiceAccountOptions {
  /** The first issues, all are accepted. */
  readonly issuers: readonly string[];
  readonly keyFiles: readonly string[];
  readonly signingKeyFile: string | undefined;
  /** Unix socket of an external signer, which takes the place of all key files; `@name` is in the abstract namespace. */
  readonly signingEndpoint: string | undefined;
  readonly jwksUri: string | undefined;
  readonly lookup: boolean;
  readonly extendTokenExpiration: boolean;
  /** 0: no limit. */
  readonly maxTokenExpirationMs: number;
}

/** The ID tokens of one OpenID provider, as flags configure them. */
export interface OidcOptions {
  readonly issuerUrl: string;
  readonly clientId: string;
  readonly caFile: string | undefined;
  readonly usernameClaim: string;
  /** Empty: the default. `-`: none. */
  readonly usernamePrefix: string;
  readonly groupsClaim: string | undefined;
  readonly groupsPrefix: string;
  readonly signingAlgorithms: readonly string[];
  readonly requiredClaims: ReadonlyMap<string, string>;
}

/** Another server that tells whose tokens are. */
export interface TokenWebhookOptions {
  readonly kubeconfigFile: string;
  readonly version: 'v1' | 'v1beta1';
  /** How long its answers are kept. */
  readonly cacheTtlMs: number;
}

export interface AuthenticationOptions {
  readonly anonymous: boolean;
  /** Whether `anonymous` was asked for: a configuration file may not say otherwise then. */
  readonly anonymousGiven: boolean;
  /** `AuthenticationConfiguration`. */
  readonly configurationFile: string | undefined;
  readonly oidc: OidcOptions | undefined;
  readonly clientCaFile: string | undefined;
  readonly tokenAuthFile: string | undefined;
  readonly basicAuthFile: string | undefined;
  /** Tokens that machines join with, kept in secrets. */
  readonly bootstrapTokens: boolean;
  readonly requestHeader: RequestHeaderOptions | undefined;
  readonly tokenWebhook: TokenWebhookOptions | undefined;
  readonly serviceAccount: ServiceAccountOptions;
  readonly apiAudiences: readonly string[];
}

export type AuthorizationMode = 'AlwaysAllow' | 'AlwaysDeny' | 'ABAC' | 'Webhook' | 'RBAC' | 'Node';

export interface AuthorizationOptions {
  /** Lists the authorizers in place of `modes`; followed. */
  readonly configurationFile: string | undefined;
  /** In the order they are asked; none where a file lists them. */
  readonly modes: readonly AuthorizationMode[];
  /** Of mode ABAC. */
  readonly policyFile: string | undefined;
  /** Of mode Webhook. */
  readonly webhook: WebhookAuthorizationOptions | undefined;
}

export interface WebhookAuthorizationOptions {
  readonly kubeConfigFile: string;
  /** Of the SubjectAccessReview. */
  readonly reviewVersion: 'v1' | 'v1beta1';
  /** How long its answers are kept; 0: not at all. */
  readonly authorizedTtlMs: number;
  readonly unauthorizedTtlMs: number;
}

export interface AdmissionOptions {
  /** Names of the plugins that run, in their order. */
  readonly plugins: readonly string[];
  /** `--admission-control-config-file` */
  readonly configurationFile: string | undefined;
  readonly allowPrivileged: boolean;
  /** How long pods that do not say stay on a node that fails. */
  readonly tolerationSeconds: { readonly notReady: number; readonly unreachable: number };
  /** Whether the plugin Initializers runs, by which new objects may have to wait and be hidden. */
  readonly initializers: boolean;
  /** Failures in a row after which a webhook that may be ignored is not asked for a while; 0: it always is. */
  readonly webhookBreakerFailures: number;
  /** Whether who writes the configuration of a webhook is warned of what it may stop. */
  readonly warnOfRiskyWebhooks: boolean;
}

/** How audit events leave the server. */
export interface AuditDeliveryOptions {
  /** `batch`: nobody waits; `blocking`: answers wait for their events; `blocking-strict`: and are refused where one is lost. */
  readonly mode: 'batch' | 'blocking' | 'blocking-strict';
  readonly bufferSize: number;
  readonly maxBatchSize: number;
  readonly maxWaitMs: number;
  readonly throttle: { readonly perSecond: number; readonly burst: number } | undefined;
  readonly truncate: { readonly maxEventBytes: number; readonly maxBatchBytes: number } | undefined;
}

export interface AuditLogOptions {
  /** `-`: standard output. */
  readonly path: string;
  readonly format: 'json' | 'legacy';
  readonly maxBytes: number;
  readonly maxBackups: number;
  readonly maxAgeDays: number;
  readonly compress: boolean;
  readonly delivery: AuditDeliveryOptions;
}

export interface AuditWebhookOptions {
  /** A kubeconfig. */
  readonly configFile: string;
  readonly initialBackoffMs: number;
  readonly delivery: AuditDeliveryOptions;
}

export interface AuditOptions {
  /** Nothing is audited without one. */
  readonly policyFile: string | undefined;
  readonly log: AuditLogOptions | undefined;
  readonly webhook: AuditWebhookOptions | undefined;
}

export interface LimitOptions {
  readonly maxRequestsInFlight: number;
  readonly maxMutatingRequestsInFlight: number;
  /** Whether requests wait for seats of their priority level: as many as both maxima say. */
  readonly priorityAndFairness: boolean;
  readonly requestTimeoutMs: number;
  readonly minRequestTimeoutSeconds: number;
  readonly goawayChance: number;
  /** How long after the start unfinished hooks are no reason to restart the server. */
  readonly livezGraceMs: number;
}

export interface ShutdownOptions {
  readonly delayMs: number;
  readonly sendRetryAfter: boolean;
  readonly watchTerminationGraceMs: number;
}

export interface ServiceOptions {
  /** One or, for dual-stack, two CIDRs of different families. */
  readonly clusterIpRanges: readonly string[];
  readonly nodePortRange: PortRange;
  /** Where connections to services go that do not go to their cluster IP. */
  readonly dialOverrides: DialOverrides;
  /** Whether this server's address is among the endpoints of the kubernetes service. */
  readonly keepEndpoints: boolean;
}

/** How kubelets are reached, and how they and this server know each other. */
export interface KubeletAccessOptions {
  /** Types of node addresses, the first before the others. */
  readonly addressTypes: readonly string[];
  /** Of their serving certificates; undefined: any will do. */
  readonly authorityFile: string | undefined;
  readonly client: KeyPairFiles | undefined;
}

/** How requests for what extension servers serve are handed on. */
export interface AggregatorOptions {
  /** By which they know this server as a front proxy. */
  readonly client: KeyPairFiles | undefined;
  /** To the endpoints of their services, not to the cluster IP. */
  readonly toEndpoints: boolean;
  readonly rejectRedirects: boolean;
}

export type ControllerName =
  | 'clusterrole-aggregation-controller'
  | 'validatingadmissionpolicy-status-controller'
  | 'resourcequota-controller'
  | 'root-ca-certificate-publisher-controller'
  | 'serviceaccount-controller'
  | 'serviceaccount-token-controller';

/** What this process does in place of kube-controller-manager. */
export interface ControllerOptions {
  readonly names: readonly ControllerName[];
  readonly rootCaFile: string | undefined;
  /** Of who coordinates leader elections. */
  readonly leadership: LeadershipTimes;
}

export interface LoggingOptions {
  readonly format: 'text' | 'json';
  readonly verbosity: number;
}

export interface DebuggingOptions {
  readonly profiling: boolean;
  readonly logFiles: boolean;
}

import { AllocationMetrics, builtInGroups, type Kubelets } from '@keelson/api';
import { mandatoryFlowSchemas, mandatoryPriorityLevels } from '@keelson/controllers';
import { type AdmissionPlugin, formatGroupVersion, kubernetesRelease } from '@keelson/machinery';
import {
  type ApiGroup,
  type ApiServerConfig,
  type Auditing,
  type CredentialHeaders,
  type Instruments,
  type Log,
  type ServerObjects,
  type TlsFiles,
  type TlsMaterial,
  versionInfo,
} from '@keelson/server';
import type { ResourceCiphers } from '@keelson/storage';
import { isResourceEnabled } from '../flags/runtime-config.js';
import type { Authentication } from './authentication/open-authentication.js';
import { peerAuthorityFiles } from './authentication/peer-authorities.js';
import { serviceAccountTokens } from './authentication/service-accounts.js';
import type { Authorization } from './authorization/authorization.js';
import { buildReviewers } from './authorization/build-reviewers.js';
import { externalHost } from './external-address.js';
import { knownRuntimeConfig } from './known-runtime-config.js';
import type { ApiServerOptions, RequestHeaderOptions } from './options.js';
import { probeHealth } from './probe-health.js';
import { knownStorageVersions } from './storage/known-storage-versions.js';
import type { OpenedBackend } from './storage/open-backend.js';

/** The files the listener proves itself with and checks clients by. */
export function tlsFiles({ serving, authentication }: ApiServerOptions): TlsFiles {
  const authorities = peerAuthorityFiles(authentication);
  return {
    certificateFile: serving.certificate.certFile,
    keyFile: serving.certificate.keyFile,
    named: serving.namedCertificates.map(({ names, certFile, keyFile }) => ({ names, certificateFile: certFile, keyFile })),
    ...(authorities.length > 0 && { clientAuthorityFiles: authorities }),
  };
}

/** What the server is made of and does not make itself. */
export interface ServerParts {
  readonly objects: ServerObjects;
  readonly authentication: Authentication;
  readonly authorization: Authorization;
  readonly admissionPlugins: readonly AdmissionPlugin[];
  readonly auditing: Auditing | undefined;
  readonly instruments: Instruments;
  readonly encryption: ResourceCiphers | undefined;
  readonly kubeletAccess: { readonly kubelets: Kubelets };
  readonly tls: { readonly material: TlsMaterial };
  readonly opened: OpenedBackend;
}

/** How long the request that makes an object waited for its initializers in the releases that had them. */
const INITIALIZERS_WAIT_MS = 30_000;

/** What the flags say, as the server takes it. */
export function serverConfig(options: ApiServerOptions, parts: ServerParts, log: Log): ApiServerConfig {
  const { serving, storagePolicy, limits, shutdown } = options;
  const { objects, authorization, admissionPlugins, auditing, instruments, encryption } = parts;
  const { backend, checkHealth } = parts.opened;
  const groups = servedGroups(options, parts, log);
  const runtimeConfig = knownRuntimeConfig(options.runtimeConfig, groups);
  return {
    backend,
    ...(encryption && { ciphers: encryption }),
    checkStore: checkHealth,
    livezGraceMs: limits.livezGraceMs,
    keyPrefix: storagePolicy.prefix,
    groups,
    storageVersions: knownStorageVersions(storagePolicy.versions, groups),
    storageFormat: storagePolicy.format,
    enabled: ({ group, version, resource, enabledByDefault, removed }) =>
      isResourceEnabled(runtimeConfig, {
        groupVersion: formatGroupVersion({ group, version }),
        resource,
        onByDefault: enabledByDefault,
        removed,
      }),
    features: options.features,
    authenticator: parts.authentication.authenticator,
    authorizer: authorization.authorizer,
    auditing,
    admissionPlugins,
    initializers: options.admission.initializers ? { waitMs: INITIALIZERS_WAIT_MS } : undefined,
    objects,
    listen: {
      host: serving.bindAddress,
      port: serving.port,
      tls: parts.tls.material,
      http2: serving.http2,
      tlsPolicy: { minVersion: serving.tlsMinVersion, ciphers: serving.tlsCiphers },
      ...(serving.http2MaxStreamsPerConnection > 0 && { limits: { maxConcurrentStreams: serving.http2MaxStreamsPerConnection } }),
    },
    chain: {
      requestTimeoutMs: limits.requestTimeoutMs,
      goawayChance: limits.goawayChance,
      strictTransportSecurity: serving.strictTransportSecurityDirectives,
      corsAllowedOrigins: serving.corsAllowedOrigins.map((pattern) => new RegExp(pattern)),
    },
    authentication: {
      apiAudiences: options.authentication.apiAudiences,
      ...(options.authentication.basicAuthFile !== undefined && { challenge: 'Basic realm="kubernetes-master"' }),
      ...(options.authentication.requestHeader && { requestHeaders: headersOf(options.authentication.requestHeader) }),
    },
    maxRequestsInFlight: limits.maxRequestsInFlight,
    maxMutatingRequestsInFlight: limits.maxMutatingRequestsInFlight,
    ...(limits.priorityAndFairness && {
      flowControl: { flowSchemas: mandatoryFlowSchemas, priorityLevels: mandatoryPriorityLevels },
    }),
    minWatchMs: limits.minRequestTimeoutSeconds * 1000,
    shutdown: { delayMs: shutdown.delayMs, sendRetryAfter: shutdown.sendRetryAfter, watchSpreadMs: shutdown.watchTerminationGraceMs },
    version: versionInfo(kubernetesRelease),
    advertiseAddress: externalHost(serving),
    instruments,
    log,
  };
}

function servedGroups(
  options: ApiServerOptions,
  { authentication, authorization, kubeletAccess, opened, instruments }: ServerParts,
  log: Log,
): readonly ApiGroup[] {
  const { authenticator, serviceAccountKeys } = authentication;
  const tokens = serviceAccountTokens(options.authentication, serviceAccountKeys, log);
  return builtInGroups({
    allowPrivileged: options.admission.allowPrivileged,
    features: options.features,
    eventTtlSeconds: Math.round(options.storagePolicy.eventTtlMs / 1000),
    clusterIpRanges: options.services.clusterIpRanges,
    nodePortRange: options.services.nodePortRange,
    initializers: options.admission.initializers,
    reviewers: buildReviewers(authenticator, authorization, log),
    ...(tokens && { serviceAccountTokens: tokens }),
    kubelets: kubeletAccess.kubelets,
    allocations: new AllocationMetrics(instruments.registry, (error) => log.warn('what services have cannot be counted', { error })),
    components: [
      { name: 'controller-manager', check: () => probeHealth(10257) },
      { name: 'scheduler', check: () => probeHealth(10259) },
      { name: 'etcd-0', check: () => opened.checkHealth('health').then(() => ({ healthy: true, message: 'ok' })) },
    ],
  });
}

function headersOf({ usernameHeaders, uidHeaders, groupHeaders, extraHeaderPrefixes }: RequestHeaderOptions): CredentialHeaders {
  return { names: [...usernameHeaders, ...uidHeaders, ...groupHeaders], prefixes: extraHeaderPrefixes };
}

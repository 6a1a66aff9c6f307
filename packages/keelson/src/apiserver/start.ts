import { builtInPlugins } from '@keelson/admission';
import { builtInGroups } from '@keelson/api';
import { KubernetesService, LEASE_SECONDS, ReplicaLeases, SystemNamespaces } from '@keelson/controllers';
import { ApiServer, type Log, readTlsFiles, versionInfo } from '@keelson/server';
import { isVersionEnabled } from '../flags/runtime-config.js';
import { firstServiceIp } from '../pki/alt-names.js';
import { firstPublicAddress } from '../pki/ensure-serving-certificate.js';
import { kubernetesVersion } from '../version.js';
import { buildAuthenticator } from './build-authenticator.js';
import { buildAuthorizer } from './build-authorizer.js';
import { openBackend } from './open-backend.js';
import type { ApiServerOptions } from './options.js';
import type { RunningApiServer } from './running-api-server.js';

/** Composes the server from its parts and starts it. Fulfilled when it is ready to answer. */
export async function startApiServer(options: ApiServerOptions): Promise<RunningApiServer> {
  const log = consoleLog();
  const { serving, storagePolicy, limits, authentication } = options;
  const { backend, checkHealth } = await openBackend(options);
  const server = new ApiServer({
    backend,
    keyPrefix: storagePolicy.prefix,
    groups: builtInGroups({ eventTtlSeconds: storagePolicy.eventTtlMs / 1000 }),
    enabled: (group, version, onByDefault) =>
      isVersionEnabled(options.runtimeConfig, {
        groupVersion: group === '' ? version : `${group}/${version}`,
        onByDefault,
        removed: false,
      }),
    authenticator: buildAuthenticator(authentication, log),
    authorizer: buildAuthorizer(options.authorization),
    admissionPlugins: (readerOf) => builtInPlugins(options.admission.plugins, readerOf),
    listen: {
      host: serving.bindAddress,
      port: serving.port,
      tls: await readTlsFiles({
        certificateFile: serving.certificate.certFile,
        keyFile: serving.certificate.keyFile,
        ...(authentication.clientCaFile !== undefined && { clientAuthorityFiles: [authentication.clientCaFile] }),
      }),
    },
    chain: { requestTimeoutMs: limits.requestTimeoutMs, goawayChance: limits.goawayChance },
    maxRequestsInFlight: limits.maxRequestsInFlight,
    maxMutatingRequestsInFlight: limits.maxMutatingRequestsInFlight,
    minWatchMs: limits.minRequestTimeoutSeconds * 1000,
    version: versionInfo(kubernetesVersion, '', new Date(0).toISOString()),
    checkStore: checkHealth,
    advertiseAddress: serving.advertiseAddress ?? firstPublicAddress(),
    log,
  });
  const onFailure = (error: unknown) => log.error('a controller failed', { error });
  const namespaces = new SystemNamespaces(server.loopback, onFailure);
  const namespacesDone = server.health.addPostStartHook('start-system-namespaces-controller');
  const serviceDone = server.health.addPostStartHook('bootstrap-controller');
  const service = new KubernetesService(
    server.loopback,
    new ReplicaLeases(backend, storagePolicy.prefix, LEASE_SECONDS),
    {
      clusterIp: firstServiceIp(options.services.clusterIpRanges[0] ?? ''),
      securePort: serving.port,
      advertiseAddress: serving.advertiseAddress,
    },
    onFailure,
  );
  await server.start();
  void namespaces
    .start()
    .then(namespacesDone)
    .then(() => service.start())
    .then(serviceDone)
    .catch(onFailure);
  let stopping: Promise<void> | undefined;
  let stopped = () => undefined as void;
  const whenStopped = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  const stopAll = async () => {
    namespaces.stop();
    await service.stop().catch(onFailure);
    await server.stop();
  };
  return {
    url: `https://${serving.bindAddress === '0.0.0.0' ? '127.0.0.1' : serving.bindAddress}:${server.listener.address.port}`,
    stop: () => (stopping ??= stopAll().then(stopped)),
    whenStopped,
  };
}

function consoleLog(): Log {
  const write = (level: string) => (message: string, fields?: object) => console.error(level, message, fields ?? '');
  return { error: write('E'), warn: write('W'), info: () => undefined, enabled: () => false };
}

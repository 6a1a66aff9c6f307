import { customVersionSource } from '@keelson/extensions';
import { kubernetesRelease, type Log } from '@keelson/machinery';
import { ApiServer, type ApiServerConfig, createLog, Instruments, isLongRunning, versionInfo } from '@keelson/server';
import { joinBundles } from '../certificates/join-bundles.js';
import type { CertificateSource } from '../certificates/serving-certificate.js';
import { Cluster } from '../cluster/cluster.js';
import { Registration } from '../registration/registration.js';
import { replicaAt } from '../registration/replica-name.js';
import { type ServiceReference, serviceIn } from '../registration/service-reference.js';
import { accessControl } from './access-control.js';
import { apiGroups, type Installed, servedGroups } from './api-groups.js';
import { CertificateRotation } from './certificate-rotation.js';
import { certificateSource } from './certificate-source.js';
import { changeCertificate } from './change-certificate.js';
import { defaultBackend } from './default-backend.js';
import type { ExtensionServer } from './extension-server.js';
import { openStorage } from './open-storage.js';
import { RunningExtension } from './running-extension.js';
import type { ServeOptions } from './serve-options.js';
import { ServingTls } from './serving-tls.js';
import { stopOnSignals } from './stop-on-signals.js';

const DEFAULT_PORT = 8443;
/** As kube-apiserver has them. */
const LIMITS = { maxRequestsInFlight: 400, maxMutatingRequestsInFlight: 200, minWatchMs: 1_800_000 } as const;
const REQUEST_TIMEOUT_MS = 60_000;
const TRUST_DELAY_MS = 10_000;

/**
 * Serves resources to a cluster: the same requests, with the same answers, as for those that are built in. Fulfilled when
 * it listens and the cluster knows where. Rejects, and leaves nothing open, when it cannot.
 */
export async function serve(options: ServeOptions): Promise<ExtensionServer> {
  const { log = createLog({ format: 'text', verbosity: 0 }) } = options;
  const cluster = needsCluster(options) ? await Cluster.open(options.cluster, log) : undefined;
  const installed = options.resources.map((definition): Installed => ({ definition, made: definition.make() }));
  try {
    const running = await start(options, { cluster, installed, log });
    if (options.stopOnSignals !== false) stopOnSignals(running);
    return running;
  } catch (error) {
    await Promise.all(installed.map(({ made }) => made.followed?.stop()));
    await cluster?.close();
    throw error;
  }
}

interface ExtensionParts {
  readonly cluster: Cluster | undefined;
  readonly installed: readonly Installed[];
  readonly log: Log;
}

async function start(options: ServeOptions, { cluster, installed, log }: ExtensionParts): Promise<RunningExtension> {
  const { register = true, trustDelayMs = TRUST_DELAY_MS } = options;
  const service = serviceOf(options, cluster);
  const certificates = certificateSource(options, service, register ? cluster : undefined, log);
  const certificate = await certificates.current(new Date());
  const tls = new ServingTls(certificate);
  const server = new ApiServer(await serverConfig(options, { cluster, installed, tls, log }));
  const sources = installed.flatMap(({ made }) => made.followed ?? []);
  try {
    await cluster?.objects.start();
    await Promise.all(sources.map((source) => source.start(log)));
    tls.connect(server.listener);
    await server.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
  const { port } = server.listener.address;
  const registration = register && cluster ? registrationOf(options, { cluster, service, port, certificates, tls, log }) : undefined;
  await registration?.start();
  const rotation = new CertificateRotation(certificates, certificate, changeCertificate(tls, registration, trustDelayMs), log);
  rotation.start();
  return new RunningExtension({ server, tls, rotation, registration, sources, cluster });
}

function needsCluster({ register = true, authenticator, authorizer, cluster }: ServeOptions): boolean {
  return register || cluster !== undefined || authenticator === undefined || authorizer === undefined;
}

/** Named after the first group where it has no name: `wardle-example-com`. */
function serviceOf({ service = {}, resources }: ServeOptions, cluster: Cluster | undefined): ServiceReference {
  const [first] = resources;
  if (first === undefined) throw new Error('there are no resources to serve');
  return serviceIn(cluster?.namespace, service, first.group.replaceAll('.', '-'));
}

interface ServerParts extends ExtensionParts {
  readonly tls: ServingTls;
}

async function serverConfig(options: ServeOptions, { cluster, installed, tls, log }: ServerParts): Promise<ApiServerConfig> {
  const { host = '0.0.0.0', port = DEFAULT_PORT, keyPrefix = '/registry', shutdownDelayMs = 0 } = options;
  const instruments = new Instruments();
  const access = await accessControl(options, { cluster, instruments, installed, tls, log });
  const { backend, check } = await openStorage(options.storage ?? defaultStorage(installed), keyPrefix);
  const streams = new Map(installed.map(({ made: { resource }, definition }) => [`${resource.resource}.${resource.group}`, definition]));
  return {
    ...access,
    ...LIMITS,
    backend,
    checkStore: check,
    keyPrefix,
    groups: apiGroups(installed),
    enabled: () => true,
    openApiOf: customVersionSource,
    isLongRunning: (info) =>
      isLongRunning(info) ||
      (info.subresource !== '' && streams.get(`${info.resource}.${info.apiGroup}`)?.isLongRunning(info.subresource) === true),
    listen: { host, port, tls: tls.material },
    chain: { requestTimeoutMs: REQUEST_TIMEOUT_MS },
    shutdown: { delayMs: shutdownDelayMs },
    version: versionInfo(kubernetesRelease),
    instruments,
    log,
  };
}

/** Whoever stores nothing needs no store. */
function defaultStorage(installed: readonly Installed[]): string {
  if (installed.every(({ made }) => !made.resource.stored)) return 'memory';
  throw new Error('say where objects are to be stored: "storage" is missing');
}

interface RegistrationParts {
  readonly cluster: Cluster;
  readonly service: ServiceReference;
  readonly port: number;
  readonly certificates: CertificateSource;
  readonly tls: ServingTls;
  readonly log: Log;
}

function registrationOf(
  { resources, backend, service: asked }: ServeOptions,
  { cluster, service, port, certificates, tls, log }: RegistrationParts,
): Registration {
  // A pod is found by the selector of a Service that was made for it.
  const fallback = cluster.namespace === undefined ? defaultBackend(cluster.access.server, port) : 'external';
  const leadsTo = backend ?? fallback;
  return new Registration({
    client: cluster.client,
    service,
    servicePort: asked?.port,
    groups: servedGroups(resources),
    backend: leadsTo === 'external' ? undefined : leadsTo,
    replica: replicaAt(port),
    // Whoever is told last is to trust what is shown, and what will be.
    bundle: async () => joinBundles((await certificates.current(new Date())).bundle, tls.bundle),
    log,
  });
}

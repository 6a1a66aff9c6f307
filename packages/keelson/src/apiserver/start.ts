import { setTimeout as sleep } from 'node:timers/promises';
import { CustomResourceLayer, CustomResourceServer } from '@keelson/extensions';
import { joinHostPort, ServiceResolver } from '@keelson/machinery';
import { reviveField } from '@keelson/schema';
import {
  type AdjustableLog,
  ApiServer,
  createLog,
  type HealthChecks,
  Instruments,
  readTlsFiles,
  ServerObjects,
  TlsFileWatcher,
} from '@keelson/server';
import { isResourceEnabled } from '../flags/runtime-config.js';
import { buildAdmission } from './admission/build-admission.js';
import { Aggregation } from './aggregation/aggregation.js';
import { buildAuditing } from './auditing/build-auditing.js';
import { openAuthentication } from './authentication/open-authentication.js';
import { installOpenId } from './authentication/service-accounts.js';
import { buildAuthorization } from './authorization/build-authorization.js';
import { buildControlLoops } from './controllers/build-control-loops.js';
import { openEgress } from './egress/open-egress.js';
import { externalAddress } from './external-address.js';
import { installDebugging } from './install-debugging.js';
import { KubeletAccess } from './kubelet-access.js';
import type { ApiServerOptions } from './options.js';
import type { RunningApiServer } from './running-api-server.js';
import { serverConfig, tlsFiles } from './server-config.js';
import { type OpenedBackend, openBackend } from './storage/open-backend.js';
import { addEncryptionHealth, openEncryption } from './storage/open-encryption.js';

/** Where v1.34 has pod certificate requests. */
const podCertificateRequests = {
  groupVersion: 'certificates.k8s.io/v1alpha1',
  resource: 'podcertificaterequests',
  onByDefault: false,
  removed: false,
} as const;

const READY_POLL_MS = 5;

/** What whoever starts a server in his own process may bring with him. */
export interface Provided {
  /** In place of the store that the options name. */
  readonly storage?: OpenedBackend;
  readonly log?: AdjustableLog;
}

/** Composes the server from its parts and starts it. Fulfilled when it listens; /readyz tells when its own objects stand. */
export async function startApiServer(options: ApiServerOptions, provided: Provided = {}): Promise<RunningApiServer> {
  // Of metadata itself, and before anything of the kind is read.
  if (options.admission.initializers) reviveField('meta.v1.ObjectMeta', 'initializers');
  const log = provided.log ?? createLog({ format: options.logging.format, verbosity: options.logging.verbosity });
  const parts = await openParts(options, provided, log);
  const { server, aggregation, certificates, controllers } = await compose(options, parts, log);
  const { authentication, authorization, encryption, kubeletAccess } = parts;
  await server.start();
  certificates.start();
  aggregation.start();
  kubeletAccess.start();
  authentication.start();
  authorization.start();
  controllers.start();
  const stopAll = async () => {
    certificates.close();
    await server.stop(() => controllers.stop());
    aggregation.close();
    kubeletAccess.close();
    authentication.close();
    await authorization.close();
    await encryption?.close();
  };
  const url = `https://${joinHostPort(reachableHost(options.serving.bindAddress), server.listener.address.port)}`;
  return new Running(url, server.health, stopAll);
}

type Parts = Awaited<ReturnType<typeof openParts>>;

/** What the server is made of and does not make itself: what has files, keys and connections of its own. */
async function openParts(options: ApiServerOptions, provided: Provided, log: AdjustableLog) {
  const instruments = new Instruments();
  instruments.registry.disable(options.disabledMetrics);
  const objects = new ServerObjects();
  const egress = { ...(await openEgress(options.egressConfigurationFile, instruments.egress)), observer: instruments.remote };
  const encryption = await openEncryption(options.storagePolicy, instruments, log);
  const authorization = await buildAuthorization(options.authorization, {
    objects,
    metrics: instruments.authorization,
    egress,
    features: options.features,
    podCertificates:
      options.features.get('PodCertificateRequest') === true && isResourceEnabled(options.runtimeConfig, podCertificateRequests),
    log,
  });
  const { authorizer } = authorization;
  const admissionPlugins = await buildAdmission(options, { objects, authorizer, instruments, egress, log });
  const files = tlsFiles(options);
  const tls = { files, material: await readTlsFiles(files) };
  const authentication = await openAuthentication(options, tls.material, { objects, metrics: instruments.authentication, egress, log });
  const auditing = await buildAuditing(options.audit, instruments.audit, egress, log);
  const opened = provided.storage ?? (await openBackend(options, egress));
  const kubeletAccess = await KubeletAccess.open(options.kubelets, egress, log);
  return {
    instruments,
    objects,
    egress,
    encryption,
    authorization,
    admissionPlugins,
    tls,
    authentication,
    auditing,
    opened,
    kubeletAccess,
  };
}

/** The server with the layers around it, and what runs beside it. */
async function compose(options: ApiServerOptions, parts: Parts, log: AdjustableLog) {
  const { objects, egress, encryption, authentication, opened, tls } = parts;
  const { peers, serviceAccountKeys, serviceAccounts } = authentication;
  const customResources = new CustomResourceLayer();
  const aggregation = await Aggregation.open(options, log);
  const layers = { layersBefore: [aggregation.layer], layersAfter: [customResources] };
  const server = new ApiServer({ ...serverConfig(options, parts, log), ...layers });
  const services = new ServiceResolver(objects, options.services.dialOverrides, egress);
  new CustomResourceServer({ server, layer: customResources, objects, services, keyPrefix: options.storagePolicy.prefix, log });
  const aggregator = aggregation.connect(server, objects, egress);
  server.instruments.registry.observeProcess((error) => log.warn('the system does not tell of the process', { error }));
  installDebugging(server, options, log);
  installOpenId(server, options.authentication, serviceAccountKeys, externalAddress(options.serving), log);
  addEncryptionHealth(server, encryption);
  const certificates = new TlsFileWatcher(tls.files, tls.material, (material) => peers.use(material, server.listener), log);
  const controllers = buildControlLoops(server, options, { backend: opened.backend, peers, serviceAccounts, aggregator }, log);
  return { server, aggregation, certificates, controllers };
}

class Running implements RunningApiServer {
  readonly url: string;
  readonly whenStopped: Promise<void>;
  readonly #health: HealthChecks;
  readonly #stopAll: () => Promise<void>;
  #begin: (ending: Promise<void>) => void = () => undefined;
  #stopping: Promise<void> | undefined;

  constructor(url: string, health: HealthChecks, stopAll: () => Promise<void>) {
    this.url = url;
    this.#health = health;
    this.#stopAll = stopAll;
    this.whenStopped = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  async whenReady(): Promise<void> {
    while ((await this.#health.run('readyz', new Set())).some(({ error }) => error !== undefined) && this.#stopping === undefined)
      await sleep(READY_POLL_MS);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    this.#begin(this.#stopping);
    return this.#stopping;
  }
}

function reachableHost(bindAddress: string): string {
  if (bindAddress === '0.0.0.0' || bindAddress === '::') return '127.0.0.1';
  return bindAddress;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { CustomResourceLayer, CustomResourceServer } from '@keelson/extensions';
import { ServiceResolver } from '@keelson/machinery';
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
import { Aggregation } from './aggregation/aggregation.js';
import { buildAuthenticator } from './authentication/build-authenticator.js';
import { openJwtAuthentication } from './authentication/jwt-authentication.js';
import { openServiceAccountKeys } from './authentication/open-service-account-keys.js';
import { openTokenWebhook } from './authentication/open-token-webhook.js';
import { PeerAuthorities } from './authentication/peer-authorities.js';
import { installOpenId } from './authentication/service-accounts.js';
import { buildAuthorization } from './authorization/build-authorization.js';
import { buildAdmission } from './build-admission.js';
import { buildAuditing } from './build-auditing.js';
import { controlLoops } from './controllers.js';
import { openEgress } from './egress/open-egress.js';
import { externalAddress } from './external-address.js';
import { installDebugging } from './install-debugging.js';
import { KubeletAccess } from './kubelet-access.js';
import { readRootAuthority } from './manager-controllers.js';
import { type OpenedBackend, openBackend } from './open-backend.js';
import { addEncryptionHealth, openEncryption } from './open-encryption.js';
import type { ApiServerOptions } from './options.js';
import type { RunningApiServer } from './running-api-server.js';
import { serverConfig, tlsFiles } from './server-config.js';

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
  const instruments = new Instruments();
  const objects = new ServerObjects();
  const egress = await openEgress(options.egressConfigurationFile, instruments.egress);
  const encryption = await openEncryption(options.storagePolicy, instruments, log);
  const authorization = await buildAuthorization(options.authorization, {
    objects,
    metrics: instruments.authorization,
    dialer: egress.controlPlane,
    podCertificates:
      options.features.get('PodCertificateRequest') === true && isResourceEnabled(options.runtimeConfig, podCertificateRequests),
    log,
  });
  const admissionPlugins = await buildAdmission(options, {
    objects,
    authorizer: authorization.authorizer,
    instruments,
    egress,
    log,
  });
  const files = tlsFiles(options);
  const tls = await readTlsFiles(files);
  const peers = new PeerAuthorities(options.authentication, tls);
  const serviceAccountKeys = await openServiceAccountKeys(options.authentication.serviceAccount, instruments.authentication, log);
  const serviceAccounts = { signer: serviceAccountKeys.signer, authority: readRootAuthority(options.controllers) };
  const jwt = openJwtAuthentication(options.authentication, {
    metrics: instruments.authentication,
    egress: options.egressConfigurationFile === undefined ? undefined : egress,
    features: options.features,
    log,
  });
  const authenticator = buildAuthenticator(options.authentication, {
    peers,
    serviceAccountKeys,
    jwt,
    tokenWebhook: await openTokenWebhook(options.authentication, egress, log),
    objects,
    features: options.features,
    metrics: instruments.authentication,
    log,
  });
  const auditing = await buildAuditing(options.audit, instruments.audit, egress, log);
  const opened = provided.storage ?? (await openBackend(options, egress));
  const kubeletAccess = await KubeletAccess.open(options.kubelets, egress, log);
  const { kubelets } = kubeletAccess;
  const parts = {
    objects,
    authenticator,
    authorization,
    admissionPlugins,
    serviceAccountKeys,
    auditing,
    instruments,
    encryption,
    kubelets,
  };
  const customResources = new CustomResourceLayer();
  const aggregation = await Aggregation.open(options, log);
  const layers = { layersBefore: [aggregation.layer], layersAfter: [customResources] };
  const server = new ApiServer({ ...serverConfig(options, opened, tls, parts, log), ...layers });
  const services = new ServiceResolver(objects, options.services.dialOverrides, egress);
  new CustomResourceServer({ server, layer: customResources, objects, services, keyPrefix: options.storagePolicy.prefix, log });
  const aggregator = aggregation.connect(server, objects, egress);
  server.instruments.registry.observeProcess();
  installDebugging(server, options, log);
  installOpenId(server, options.authentication, serviceAccountKeys, externalAddress(options.serving), log);
  addEncryptionHealth(server, encryption);
  const certificates = new TlsFileWatcher(files, tls, (material) => peers.use(material, server.listener), log);
  const controllers = controlLoops(server, options, { backend: opened.backend, peers, serviceAccounts, aggregator }, log);
  await server.start();
  certificates.start();
  aggregation.start();
  kubeletAccess.start();
  jwt?.start();
  authorization.start();
  controllers.start();
  const stopAll = async () => {
    certificates.close();
    await server.stop(() => controllers.stop());
    aggregation.close();
    kubeletAccess.close();
    jwt?.close();
    serviceAccountKeys.close();
    await authorization.close();
    await encryption?.close();
  };
  const url = `https://${reachableHost(options.serving.bindAddress)}:${server.listener.address.port}`;
  return new Running(url, server.health, stopAll);
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
  return bindAddress.includes(':') ? `[${bindAddress}]` : bindAddress;
}

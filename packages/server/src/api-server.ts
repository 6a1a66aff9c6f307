import {
  type AdmissionPlugin,
  type Authenticator,
  type Authorizer,
  defaultFeatures,
  type Features,
  type GroupResource,
  joinHostPort,
} from '@keelson/machinery';
import { type KvBackend, type ResourceCiphers, StoreFeed } from '@keelson/storage';
import type { Auditing } from './audit/auditing.js';
import type { DiscoveryForm } from './discovery/discovered-resource.js';
import { DiscoveryCatalog, discoveredGroupVersion } from './discovery/discovery-catalog.js';
import { DiscoveryLayer } from './discovery/discovery-layer.js';
import { dispatch } from './dispatch/dispatch.js';
import type { Layer } from './dispatch/layer.js';
import { PathLayer } from './dispatch/path-layer.js';
import { ResourceLayer } from './dispatch/resource-layer.js';
import { sizeOfList } from './dispatch/size-of-list.js';
import type { AuthenticationOptions } from './filters/authentication.js';
import { buildChain, type ChainOptions } from './filters/chain.js';
import { InFlightRequests } from './filters/in-flight.js';
import { isLongRunning, type LongRunningCheck } from './filters/long-running.js';
import { MaxInFlight } from './filters/max-in-flight.js';
import type { RequestLimiter } from './filters/request-limiter.js';
import type { MandatoryFlowControl } from './flow-control/flow-control.js';
import { installFlowControl } from './flow-control/install-flow-control.js';
import { HealthChecks } from './health/health-checks.js';
import { installHealth } from './health/health-handlers.js';
import { createApp, type RequestListener } from './http/app.js';
import { Listener, type ListenerOptions } from './http/listen.js';
import { installGroups, type ServableResource, type ServedGroupVersion } from './installed-api.js';
import { GracefulShutdown, type GracefulShutdownOptions } from './lifecycle/graceful-shutdown.js';
import type { Log } from './logging/log.js';
import { logRequests } from './logging/request-log.js';
import { LoopbackClient } from './loopback-client.js';
import { Instruments } from './metrics/instruments.js';
import { installMetrics } from './metrics/metrics-handlers.js';
import { addConcurrencyMetrics } from './metrics/requests/concurrency-metrics.js';
import type { Deprecation, RouteInstruments } from './metrics/requests/request-metrics.js';
import type { WatchInstruments } from './metrics/requests/watch-metrics.js';
import {
  addBuildInfo,
  addDisabledMetrics,
  addFeatures,
  addRegisteredMetrics,
  addVersionInfo,
  discoveryAggregations,
  handshakeErrors,
} from './metrics/server-info.js';
import { addCacheMetrics, addStoreListMetrics } from './metrics/storage/cache-metrics.js';
import { addLeaseKeys, addStorageSize } from './metrics/storage/storage-metrics.js';
import { ServerObjects } from './objects/server-objects.js';
import { installOpenApi } from './openapi/install-openapi.js';
import { OpenApiCatalog } from './openapi/openapi-catalog.js';
import { groupVersionSource, type OpenApiSource, serverSources } from './openapi/openapi-source.js';
import { withoutEnums } from './openapi/without-enums.js';
import { Admission } from './pipeline/admission.js';
import type { InitializerOptions } from './pipeline/write-request.js';
import type { ApiGroup } from './resource/api-group.js';
import type { Resource } from './resource/resource.js';
import type { ResourceVersion } from './resource/resource-version.js';
import type { StorageFormat } from './resource/stored/stored-encoding.js';
import { writeStatus } from './respond/status.js';
import { ServedVersions } from './served-versions.js';
import { ServerStore } from './server-store.js';
import { installVersion, type VersionInfo } from './version/version.js';

/** Why a store is asked whether it answers: a server that is unhealthy is restarted, one that is not ready is left alone. */
export type StoreCheck = 'health' | 'readiness';

/** What an API server is made of. Built by the composition roots from flags, or from an author's few words. */
export interface ApiServerConfig {
  readonly backend: KvBackend;
  /** How objects are sealed in the store; as they are when absent. */
  readonly ciphers?: ResourceCiphers;
  /** Starts every key, no slash at its end: `/registry`. */
  readonly keyPrefix: string;
  readonly groups: readonly ApiGroup[];
  /** `--storage-versions`: see `InstallOptions`. */
  readonly storageVersions?: readonly string[];
  /** `--storage-media-type`: protobuf when absent. */
  readonly storageFormat?: StorageFormat;
  /** Whether a resource is served in one of its versions. */
  enabled(resource: ServableResource): boolean;
  readonly authenticator: Authenticator;
  readonly authentication?: Pick<AuthenticationOptions, 'apiAudiences' | 'requestHeaders' | 'challenge'>;
  readonly authorizer: Authorizer;
  /** Absent when nothing is audited. Closed with the server. */
  readonly auditing?: Auditing | undefined;
  /** In their order. */
  readonly admissionPlugins: readonly AdmissionPlugin[];
  /** New objects may have to wait for initializers, hidden from readers; absent: there is nothing of the kind. */
  readonly initializers?: InitializerOptions | undefined;
  /** Those of Kubernetes when absent. */
  readonly features?: Features;
  /** What parts made before the server were given to see its objects. */
  readonly objects?: ServerObjects;
  readonly listen: Pick<ListenerOptions, 'host' | 'port' | 'tls' | 'tlsPolicy' | 'http2' | 'limits'>;
  readonly chain: Pick<ChainOptions, 'requestTimeoutMs' | 'goawayChance' | 'strictTransportSecurity' | 'corsAllowedOrigins'>;
  readonly maxRequestsInFlight: number;
  readonly maxMutatingRequestsInFlight: number;
  /** Requests wait for the seats of their priority level, of which there are as many as both maxima say; absent: they are counted only. */
  readonly flowControl?: MandatoryFlowControl | undefined;
  /** `--min-request-timeout`: watches without a timeout live this long to twice this long. */
  readonly minWatchMs: number;
  /** Which requests have no deadline; those that kube-apiserver has so when absent. */
  readonly isLongRunning?: LongRunningCheck;
  /** What OpenAPI tells of a group-version; what its messages tell when absent. */
  readonly openApiOf?: (served: ServedGroupVersion) => OpenApiSource;
  /** Layers asked before the server's own resources, and after them. */
  readonly layersBefore?: readonly Layer[];
  readonly layersAfter?: readonly Layer[];
  readonly shutdown: Pick<GracefulShutdownOptions, 'delayMs' | 'sendRetryAfter' | 'watchSpreadMs'>;
  readonly version: VersionInfo;
  /** Where discovery sends clients, perhaps with a port; the listener's own host when absent. */
  readonly advertiseAddress?: string | undefined;
  /** Rejects when the store does not answer in the time it has for this purpose. */
  checkStore(purpose: StoreCheck): Promise<void>;
  /** `--livez-grace-period` */
  readonly livezGraceMs?: number;
  /** What is counted elsewhere as well, by authenticators and authorizers. */
  readonly instruments?: Instruments;
  readonly log: Log;
}

/** One replica: its store's caches, its routes, its listener. */
export class ApiServer {
  readonly #config: ApiServerConfig;
  readonly feed: StoreFeed;
  readonly paths = new PathLayer();
  readonly resources: ResourceLayer;
  readonly served: readonly ServedGroupVersion[];
  /** What discovery tells of; custom resources and other servers' APIs add to it. */
  readonly catalog = new DiscoveryCatalog();
  readonly discovery: DiscoveryLayer;
  readonly openApi: OpenApiCatalog;
  readonly inFlight = new InFlightRequests();
  readonly instruments: Instruments;
  readonly shutdown: GracefulShutdown;
  readonly listener: Listener;
  readonly health: HealthChecks;
  /** How discovery tells of resources. */
  readonly discoveryForm: DiscoveryForm;
  /** In the order in which they are asked. */
  readonly #layers: readonly Layer[];
  readonly #limiter: RequestLimiter;
  /** Told that the server has started. */
  #onStarted: readonly (() => void)[] = [];
  /** Writes the server's own objects. */
  readonly loopback: LoopbackClient;
  readonly objects: ServerObjects;

  constructor(config: ApiServerConfig) {
    const { keyPrefix, log, features = defaultFeatures } = config;
    this.#config = config;
    this.discoveryForm = { hashed: features.get('StorageVersionHash') === true };
    this.instruments = config.instruments ?? new Instruments();
    this.health = new HealthChecks(this.instruments.health.onResult, config.livezGraceMs);
    const store = new ServerStore(config, this.instruments.storage);
    this.feed = new StoreFeed({
      backend: store.backend,
      prefix: `${keyPrefix}/`,
      onFailure: (error) => log.warn('the watch of the store was interrupted', { error }),
    });
    const services = {
      admission: new Admission(config.admissionPlugins, this.instruments.admission),
      initializers: config.initializers,
      features,
      authorizer: config.authorizer,
    };
    this.resources = new ResourceLayer('core', {
      services,
      watches: { minMs: config.minWatchMs, features, instruments: (version) => this.#watchInstruments(version) },
      instruments: (version, subresource, verb) => this.#routeInstruments(version, subresource, verb),
    });
    this.served = this.#install(features);
    for (const { resource } of this.served.flatMap(({ resources }) => resources)) store.name(this.#keysOf(resource), resource);
    this.openApi = new OpenApiCatalog({ title: 'Kubernetes', version: `${config.version.major}.${config.version.minor}` });
    this.#publish();
    this.discovery = this.#discoveryLayer(features);
    const { layersBefore = [], layersAfter = [] } = config;
    this.#layers = [...layersBefore, this.resources, ...layersAfter, this.discovery, this.paths];
    this.loopback = new LoopbackClient(new ServedVersions(this.served), services);
    this.objects = config.objects ?? new ServerObjects();
    this.objects.connect({ client: this.loopback, catalog: this.catalog, log });
    this.#installPaths();
    // The chain asks the shutdown, which closes the listener, which runs the chain: the listener asks when it is used.
    let answer: RequestListener = () => undefined;
    this.listener = new Listener({
      ...config.listen,
      log,
      onRequest: (req, res) => answer(req, res),
      onHandshakeError: handshakeErrors(this.instruments.registry),
    });
    const drain = { listener: this.listener, inFlight: this.inFlight, drainMs: config.chain.requestTimeoutMs, log };
    this.shutdown = new GracefulShutdown({ ...config.shutdown, ...drain });
    this.#limiter = this.#makeLimiter();
    answer = createApp(buildChain(this.#chain()), (error) => log.error('unanswered error', { error }));
    this.#addHealth();
    this.#addMetrics(features);
  }

  /** What it was made of, bound to its store. */
  get groups(): readonly ApiGroup[] {
    return this.#config.groups;
  }

  /**
   * Fills the caches, tells everybody who follows objects of them, and accepts requests. Rejects when the port is taken
   * or the store cannot be read.
   */
  async start(): Promise<void> {
    await this.feed.start();
    try {
      await this.objects.start();
      await this.listener.listen();
    } catch (error) {
      this.objects.stop();
      await this.feed.stop();
      throw error;
    }
    this.#limiter.start();
    this.health.add('shutdown', this.shutdown.check, ['readyz']);
    for (const started of this.#onStarted) started();
  }

  /** Leaves as a server does that others rely on: see `GracefulShutdown`. */
  async stop(beforeClosing?: () => Promise<void>): Promise<void> {
    await this.shutdown.run(beforeClosing);
    this.#limiter.stop();
    this.objects.stop();
    await this.feed.stop();
    await this.#config.auditing?.close();
    await this.#config.backend.close();
  }

  #install(features: Features): readonly ServedGroupVersion[] {
    const { keyPrefix, groups, storageVersions = [], storageFormat = 'protobuf', enabled } = this.#config;
    const { feed, resources: layer } = this;
    return installGroups(groups, { feed, prefix: keyPrefix, layer, storageVersions, storageFormat, enabled, features });
  }

  #discoveryLayer(features: Features): DiscoveryLayer {
    return new DiscoveryLayer({
      catalog: this.catalog,
      servesBeta: features.get('AggregatedDiscoveryRemoveBetaType') === false,
      serverAddress: () => this.#serverAddress(),
      otherPaths: () => this.paths.paths,
      instruments: (root) => this.instruments.requests.path(root, 'apiserver'),
      onAggregated: discoveryAggregations(this.instruments.registry),
    });
  }

  #installPaths(): void {
    const { version, log } = this.#config;
    const { registry, serviceLevels, requests } = this.instruments;
    installHealth(this.paths, this.health, log, (path) => requests.path(path));
    installVersion(this.paths, version);
    installOpenApi(this.paths, this.openApi);
    installMetrics(this.paths, registry, serviceLevels);
  }

  #addMetrics(features: Features): void {
    const { backend, version, log } = this.#config;
    const { registry } = this.instruments;
    addBuildInfo(registry, version);
    addVersionInfo(registry, version);
    addRegisteredMetrics(registry);
    addDisabledMetrics(registry);
    addFeatures(registry, features);
    addConcurrencyMetrics(registry, this.inFlight, this.#limiter);
    addCacheMetrics(registry, () => this.#byResource(this.feed.stats()));
    addStoreListMetrics(registry, () => this.#byResource(this.feed.storeLists()));
    if (backend.leaseKeys !== undefined) addLeaseKeys(registry, backend.leaseKeys);
    const askSize = backend.sizeBytes?.bind(backend);
    if (askSize !== undefined) addStorageSize(registry, askSize, log);
  }

  #makeLimiter(): RequestLimiter {
    const { maxRequestsInFlight, maxMutatingRequestsInFlight, flowControl, chain, log } = this.#config;
    const { registry, requests: events } = this.instruments;
    if (flowControl === undefined)
      return new MaxInFlight({ maxReadOnly: maxRequestsInFlight, maxMutating: maxMutatingRequestsInFlight, events });
    return installFlowControl({
      mandatory: flowControl,
      seats: maxRequestsInFlight + maxMutatingRequestsInFlight,
      requestTimeoutMs: chain.requestTimeoutMs,
      sizeOf: (info) => sizeOfList(this.#layers, info),
      objects: this.objects,
      registry,
      events,
      paths: this.paths,
      log,
    });
  }

  /** Tells clients of what is served from the start. */
  #publish(): void {
    const { openApiOf = groupVersionSource } = this.#config;
    const groups = new Set(this.served.map(({ group }) => group));
    const isBare = this.#config.features?.get('OpenAPIEnums') === false;
    for (const source of serverSources([...groups])) this.openApi.set(source);
    for (const one of this.served) {
      this.catalog.set(discoveredGroupVersion(one, this.discoveryForm));
      this.openApi.set(isBare ? withoutEnums(openApiOf(one)) : openApiOf(one));
    }
  }

  #serverAddress(): string {
    const { advertiseAddress, listen } = this.#config;
    const address = advertiseAddress ?? listen.host;
    return /^[^:]+:\d+$/.test(address) ? address : joinHostPort(address, this.listener.address.port);
  }

  #addHealth(): void {
    const { checkStore } = this.#config;
    this.health.add('etcd', () => checkStore('health'), ['healthz', 'livez']);
    this.health.add('etcd-readiness', () => checkStore('readiness'), ['readyz']);
    this.health.add('informer-sync', () => {
      if (!this.feed.ready) throw new Error('caches are not filled');
    }, ['readyz']);
    // Checks that others look for by name. What they are about is there when the server starts to listen.
    const hooks = ['start-apiserver-admission-initializer', 'generic-apiserver-start-informers', ...this.#limiter.hooks];
    this.#onStarted = [...hooks, 'storage-object-count-tracker-hook'].map((hook) => this.health.addPostStartHook(hook));
  }

  #watchInstruments({ group, version, resource }: ResourceVersion): WatchInstruments {
    return this.instruments.watches.of(group, version, resource.resource);
  }

  #routeInstruments(of: ResourceVersion, subresource: string, verb: string): RouteInstruments {
    const labels = { verb, group: of.group, version: of.version, resource: of.resource.resource, subresource };
    return this.instruments.requests.route(labels, deprecationOf(of.deprecationWarning(subresource)));
  }

  /** Versions of a resource share its cache. */
  *#byResource<Stats extends { readonly prefix: string }>(all: readonly Stats[]): Iterable<readonly [GroupResource, Stats]> {
    const byPrefix = new Map(all.map((stats) => [stats.prefix, stats]));
    for (const { resource } of this.served.flatMap(({ resources }) => resources)) {
      const prefix = this.#keysOf(resource);
      const stats = byPrefix.get(prefix);
      if (stats !== undefined) yield [resource, stats];
      byPrefix.delete(prefix);
    }
  }

  /** What the keys of its objects begin with. */
  #keysOf({ definition }: Resource): string {
    return `${this.#config.keyPrefix}/${definition.storage.key}/`;
  }

  #chain(): ChainOptions {
    const { log, authenticator, authorizer, auditing, features = defaultFeatures } = this.#config;
    const { requests, filterDurations, authentication, authorization } = this.instruments;
    const logEnd = logRequests(log);
    return {
      ...this.#config.chain,
      log,
      writeStatus,
      authenticator,
      authorizer,
      auditing,
      inFlight: this.inFlight,
      limiter: this.#limiter,
      isLongRunning: this.#config.isLongRunning ?? isLongRunning,
      closing: this.shutdown.closing,
      sendRetryAfter: this.#config.shutdown.sendRetryAfter ?? false,
      compresses: features.get('APIResponseCompression') === true,
      authentication: {
        ...this.#config.authentication,
        keepsStrangers: features.get('UnauthenticatedHTTP2DOSMitigation') !== true,
        onEnd: authentication.onEnd,
      },
      authorization: { onEnd: authorization.onEnd },
      events: requests,
      filterDurations,
      onRequestEnd: (state, durationMs) => {
        state.route?.record(state, durationMs);
        logEnd(state, durationMs);
      },
      dispatch: dispatch(this.#layers),
    };
  }
}

/** From the words that clients are warned with. */
function deprecationOf(warning: string | undefined): Deprecation | undefined {
  return warning === undefined ? undefined : { removedRelease: /unavailable in v(\d+\.\d+)\+/.exec(warning)?.[1] ?? '' };
}

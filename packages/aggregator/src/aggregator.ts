import type { Dialer, DialOverrides, Log, ObjectAccess } from '@keelson/machinery';
import type { ApiServer } from '@keelson/server';
import type { AggregatorLayer } from './aggregator-layer.js';
import { API_SERVICES, type APIService, type Verdict } from './api-service.js';
import { AvailabilityMetrics } from './availability/availability-metrics.js';
import { checkAvailability } from './availability/check-availability.js';
import type { BackendAccess, ClientCertificate } from './backend/backend-access.js';
import { BackendPool } from './backend/backend-pool.js';
import { RemoteDiscovery } from './discovery/remote-discovery.js';
import { RemoteOpenApi } from './openapi/remote-openapi.js';
import { Turns } from './openapi/turns.js';
import { RemoteApiService } from './remote-api-service.js';
import { ServiceDirectory } from './services/service-directory.js';

export interface AggregatorOptions {
  readonly server: ApiServer;
  readonly layer: AggregatorLayer;
  readonly objects: ObjectAccess;
  readonly dialOverrides: DialOverrides;
  /** `--enable-aggregator-routing` */
  readonly toEndpoints: boolean;
  /** `--proxy-client-cert-file`: by which extension servers know this one as a front proxy. */
  readonly client?: ClientCertificate | undefined;
  /** The way to extension servers; Node's own when absent. */
  readonly dialer?: Dialer | undefined;
  /** Whether extension servers are told the uid of who asks. */
  readonly tellsUid: boolean;
  readonly log: Log;
}

/** How many read OpenAPI documents at a time. */
const OPENAPI_READERS = 4;

/** What there is of one APIService. */
interface Registration {
  readonly remote: RemoteApiService;
  readonly discovery: RemoteDiscovery;
  readonly openApi: RemoteOpenApi;
}

/** The group-versions that extension servers serve, from the moment their APIServices say so. Every replica follows them by itself. */
export class Aggregator {
  /** Those of this server as well. */
  readonly #apiServices = new Map<string, APIService>();
  readonly #remotes = new Map<string, Registration>();
  readonly #server: ApiServer;
  readonly #log: Log;
  readonly #turns = new Turns(OPENAPI_READERS);
  readonly #layer: AggregatorLayer;
  readonly #directory: ServiceDirectory;
  readonly #pool: BackendPool;
  readonly #tellsUid: boolean;
  readonly metrics: AvailabilityMetrics;
  #onSuspect: (name: string) => void = () => undefined;

  /** Follows from before the server starts, so that it serves all there is from its first request on. */
  constructor({ server, layer, objects, dialOverrides, toEndpoints, client, dialer, tellsUid, log }: AggregatorOptions) {
    this.#tellsUid = tellsUid;
    this.#server = server;
    this.#log = log;
    this.#layer = layer;
    this.#pool = new BackendPool({ client, dialer }, (access) => this.#lost(access));
    const onFailure = (error: unknown) => log.warn('the watch of the services of extension servers was interrupted', { error });
    this.#directory = new ServiceDirectory({
      overrides: dialOverrides,
      toEndpoints,
      mirror: (gvr, receiver, namespace) => server.loopback.mirror(gvr, receiver, onFailure, namespace),
      onChange: (namespace, name) => this.#suspect(({ service }) => service.namespace === namespace && service.name === name),
    });
    this.metrics = new AvailabilityMetrics(server.instruments.registry, () => this.#apiServices.values());
    objects.follow<APIService>(API_SERVICES, {
      set: (apiService) => this.#set(apiService),
      delete: ({ metadata: { name = '' } }) => {
        this.#apiServices.delete(name);
        this.#remove(name);
      },
    });
  }

  /** Every APIService by name, as it was told of last. */
  get apiServices(): ReadonlyMap<string, APIService> {
    return this.#apiServices;
  }

  /** Looks whether an extension server can be reached; undefined when the APIService is none of such a server. */
  async check(name: string, signal: AbortSignal): Promise<Verdict | undefined> {
    const registration = this.#remotes.get(name);
    if (registration === undefined) return undefined;
    const { remote, discovery } = registration;
    const verdict = await checkAvailability(remote, this.#directory, signal);
    if (signal.aborted || this.#remotes.get(name) !== registration) return undefined;
    remote.verdict = verdict;
    if (!remote.available) discovery.markStale();
    return verdict;
  }

  /**
   * Reads what a server that can be reached tells of itself, unless that was done just now. Resolves when discovery knows; OpenAPI documents come
   * when they come. What cannot be read is tried the next time.
   */
  async refresh(name: string, signal: AbortSignal): Promise<void> {
    const registration = this.#remotes.get(name);
    if (!registration?.remote.available) return;
    const failed = (error: unknown) => this.#log.info(2, 'an extension server does not tell of itself', { apiService: name, error });
    await registration.discovery.refresh(signal).catch(failed);
    registration.openApi.refresh(signal).catch(failed);
  }

  /** `listener` is told of APIServices that are to be looked at again: a connection was lost, or their service has changed. */
  onSuspect(listener: (name: string) => void): void {
    this.#onSuspect = listener;
  }

  useClientCertificate(client: ClientCertificate): void {
    this.#pool.useClientCertificate(client);
  }

  close(): void {
    this.#directory.close();
    this.#pool.close();
  }

  #set(apiService: APIService): void {
    const name = apiService.metadata.name ?? '';
    this.#apiServices.set(name, apiService);
    if (apiService.spec.service === undefined) {
      this.#remove(name);
      return;
    }
    const known = this.#remotes.get(name);
    if (known?.remote.serves(apiService)) {
      known.remote.object = apiService;
      return;
    }
    this.#remotes.set(name, this.#register(apiService, known));
    this.#followServices();
  }

  #register(apiService: APIService, before: Registration | undefined): Registration {
    const { catalog, openApi } = this.#server;
    const remote = new RemoteApiService(apiService, { directory: this.#directory, pool: this.#pool, tellsUid: this.#tellsUid });
    before?.discovery.withdraw();
    before?.openApi.leave();
    this.#layer.set(remote);
    return {
      remote,
      discovery: new RemoteDiscovery(remote, catalog, before?.discovery),
      openApi: new RemoteOpenApi(remote, openApi, this.#turns),
    };
  }

  #remove(name: string): void {
    const registration = this.#remotes.get(name);
    if (registration === undefined) return;
    this.#remotes.delete(name);
    this.#layer.delete(registration.remote);
    registration.discovery.withdraw();
    registration.openApi.withdraw();
    this.#followServices();
  }

  #followServices(): void {
    this.#directory.follow(new Set(Array.from(this.#remotes.values(), ({ remote }) => remote.service.namespace)));
  }

  #lost({ serverName }: BackendAccess): void {
    this.#suspect((remote) => remote.serverName === serverName);
  }

  #suspect(which: (remote: RemoteApiService) => boolean): void {
    for (const [name, { remote }] of this.#remotes) if (which(remote)) this.#onSuspect(name);
  }
}

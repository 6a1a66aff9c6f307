import type { DialAddress, Log, ObjectAccess } from '@keelson/machinery';
import type { ApiServer } from '@keelson/server';
import type { AggregatorLayer } from './aggregator-layer.js';
import { API_SERVICES, type APIService, type Verdict } from './api-service.js';
import { AvailabilityMetrics } from './availability/availability-metrics.js';
import { checkAvailability } from './availability/check-availability.js';
import type { BackendAccess, ClientCertificate } from './backend/backend-access.js';
import { BackendPool } from './backend/backend-pool.js';
import { RemoteApiService } from './remote-api-service.js';
import { ServiceDirectory } from './services/service-directory.js';

export interface AggregatorOptions {
  readonly server: ApiServer;
  readonly layer: AggregatorLayer;
  readonly objects: ObjectAccess;
  /** Addresses to go to in place of services: see `ServiceResolver`. */
  readonly dialOverrides: ReadonlyMap<string, DialAddress>;
  /** `--enable-aggregator-routing` */
  readonly toEndpoints: boolean;
  /** `--proxy-client-cert-file`: by which extension servers know this one as a front proxy. */
  readonly client?: ClientCertificate | undefined;
  readonly log: Log;
}

/** The group-versions that extension servers serve, from the moment their APIServices say so. Every replica follows them by itself. */
export class Aggregator {
  /** Those of this server as well. */
  readonly #apiServices = new Map<string, APIService>();
  readonly #remotes = new Map<string, RemoteApiService>();
  readonly #layer: AggregatorLayer;
  readonly #directory: ServiceDirectory;
  readonly #pool: BackendPool;
  readonly metrics: AvailabilityMetrics;
  #onSuspect: (name: string) => void = () => undefined;

  /** Follows from before the server starts, so that it serves all there is from its first request on. */
  constructor({ server, layer, objects, dialOverrides, toEndpoints, client, log }: AggregatorOptions) {
    this.#layer = layer;
    this.#pool = new BackendPool(client, (access) => this.#lost(access));
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

  get(name: string): RemoteApiService | undefined {
    return this.#remotes.get(name);
  }

  /** Looks whether an extension server can be reached; undefined when the APIService is none of such a server. */
  async check(name: string, signal: AbortSignal): Promise<Verdict | undefined> {
    const remote = this.#remotes.get(name);
    if (remote === undefined) return undefined;
    const verdict = await checkAvailability(remote, this.#directory, signal);
    if (signal.aborted) return undefined;
    remote.verdict = verdict;
    return this.#remotes.get(name) === remote ? verdict : undefined;
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
    if (known?.serves(apiService)) {
      known.object = apiService;
      return;
    }
    const remote = new RemoteApiService(apiService, { directory: this.#directory, pool: this.#pool });
    this.#remotes.set(name, remote);
    this.#layer.set(remote);
    this.#followServices();
  }

  #remove(name: string): void {
    const remote = this.#remotes.get(name);
    if (remote === undefined) return;
    this.#remotes.delete(name);
    this.#layer.delete(remote);
    this.#followServices();
  }

  #followServices(): void {
    this.#directory.follow(new Set(Array.from(this.#remotes.values(), ({ service }) => service.namespace)));
  }

  #lost({ serverName }: BackendAccess): void {
    this.#suspect((remote) => remote.serverName === serverName);
  }

  #suspect(which: (remote: RemoteApiService) => boolean): void {
    for (const [name, remote] of this.#remotes) if (which(remote)) this.#onSuspect(name);
  }
}

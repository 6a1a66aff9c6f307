import type { DiscoveryCatalog } from '@keelson/server';
import type { RemoteApiService } from '../remote-api-service.js';
import { type Discovery, fetchDiscovery } from './fetch-discovery.js';

/** How old what is told may be. */
const REFRESH_MS = 60_000;

/** What discovery tells of a group-version that an extension server serves: what that told last, marked as stale while it does not answer. */
export class RemoteDiscovery {
  readonly #remote: RemoteApiService;
  readonly #catalog: DiscoveryCatalog;
  #known: Discovery | undefined;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #freshness: 'Current' | 'Stale' = 'Stale';
  #withdrawn = false;

  /** `before`: what was told of the same group-version until now. */
  constructor(remote: RemoteApiService, catalog: DiscoveryCatalog, before?: RemoteDiscovery) {
    this.#remote = remote;
    this.#catalog = catalog;
    this.#known = before && { resources: before.#known?.resources ?? [], etag: undefined };
    this.#tell();
  }

  /** Asks again, unless what is known is new enough. Rejects with the reason when there is no answer. */
  async refresh(signal: AbortSignal): Promise<void> {
    if (this.#freshness === 'Current' && performance.now() - this.#readAtMs < REFRESH_MS) return;
    const before = this.#known;
    try {
      this.#known = await fetchDiscovery(this.#remote, before, signal);
      this.#readAtMs = performance.now();
    } catch (error) {
      this.markStale();
      throw error;
    }
    if (this.#known === before && this.#freshness === 'Current') return;
    this.#freshness = 'Current';
    this.#tell();
  }

  markStale(): void {
    if (this.#freshness === 'Stale') return;
    this.#freshness = 'Stale';
    this.#tell();
  }

  withdraw(): void {
    this.#withdrawn = true;
    this.#catalog.deleteRemote(this.#remote.groupVersion);
  }

  #tell(): void {
    if (this.#withdrawn) return;
    const { groupPriorityMinimum, versionPriority } = this.#remote.object.spec;
    this.#catalog.setRemote({
      ...this.#remote.groupVersion,
      groupPriority: groupPriorityMinimum,
      versionPriority,
      resources: this.#known?.resources ?? [],
      freshness: this.#freshness,
    });
  }
}

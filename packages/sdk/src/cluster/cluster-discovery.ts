import { RepeatedTask } from '@keelson/controllers';
import type { GroupVersionKind, KindResource, KubeClient, Log } from '@keelson/machinery';
import type { apidiscovery } from '@keelson/schema';

const ACCEPT = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
/** Policies name kinds seldom, and kinds come seldom. */
const REFRESH_MS = 30_000;

/** Which resources a cluster serves; of an earlier time than now, as questions are answered at once. */
export class ClusterDiscovery {
  readonly #client: KubeClient;
  readonly #refresh: RepeatedTask;
  #groups: readonly apidiscovery.v2.APIGroupDiscovery[] = [];

  constructor(client: KubeClient, log: Log) {
    this.#client = client;
    this.#refresh = new RepeatedTask(
      () => this.#read(),
      REFRESH_MS,
      (error) => log.warn('discovery of the cluster failed', { error }),
    );
  }

  resourcesOf({ group, version, kind }: GroupVersionKind): readonly KindResource[] {
    const served = this.#groups
      .filter(({ metadata }) => (metadata.name ?? '') === group)
      .flatMap(({ versions }) => versions ?? [])
      .filter((one) => one.version === version);
    return served
      .flatMap(({ resources }) => resources ?? [])
      .filter(({ responseKind }) => responseKind?.kind === kind)
      .map(({ resource, scope }) => ({ resource: { group, version, resource }, namespaced: scope === 'Namespaced' }));
  }

  /** Resolves when it knows. */
  start(): Promise<void> {
    return this.#refresh.start();
  }

  stop(): Promise<void> {
    return this.#refresh.stop();
  }

  async #read(): Promise<void> {
    const read = (path: string) => this.#client.json<apidiscovery.v2.APIGroupDiscoveryList>({ path, accept: ACCEPT });
    const lists = await Promise.all([read('/api'), read('/apis')]);
    this.#groups = lists.flatMap(({ items }) => items ?? []);
  }
}

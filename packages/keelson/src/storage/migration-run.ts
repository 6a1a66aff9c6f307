import { migrateObjects, type PageOutcome } from '@keelson/controllers/storage-migration';
import type { KubeClient } from '@keelson/machinery';
import { formatGroupResource } from '@keelson/machinery';
import type { Checkpoint, MigrationCounts, MigrationState } from './checkpoint.js';
import { HttpResource } from './http-resource.js';
import type { MigrationDisplay, ResourceProgress } from './migration-display.js';
import type { StoredResource } from './stored-resources.js';

/** One run of a migration: resource by resource, with its state kept after each page. */
export class MigrationRun {
  #state: MigrationState;

  constructor(
    private readonly client: KubeClient,
    private readonly checkpoint: Checkpoint,
    private readonly display: MigrationDisplay,
    state: MigrationState,
  ) {
    this.#state = state;
  }

  /** Migrates what is not done yet; what earlier runs did is in the state that it gives, too. */
  async migrate(resources: readonly StoredResource[]): Promise<MigrationState> {
    for (const resource of resources) {
      if (!this.#state.done.includes(formatGroupResource(resource))) await this.#migrateResource(resource);
    }
    return this.#state;
  }

  async #migrateResource(stored: StoredResource): Promise<void> {
    const resource = formatGroupResource(stored);
    const { current } = this.#state;
    let progress: ResourceProgress = { resource, seen: 0, total: 0, rewritten: 0, unchanged: 0, gone: 0 };
    try {
      await migrateObjects(new HttpResource(this.client, stored), {
        continueToken: current?.resource === resource ? current.continueToken : undefined,
        onPage: async (page) => {
          progress = advanced(progress, page);
          this.display.update(progress);
          this.#state = stateAfter(this.#state, resource, page);
          await this.checkpoint.save(this.#state);
        },
      });
    } finally {
      this.display.end(progress);
    }
  }
}

function advanced(progress: ResourceProgress, page: PageOutcome): ResourceProgress {
  const seen = progress.seen + page.rewritten + page.unchanged + page.gone + page.failures.length;
  return { ...progress, ...sum(progress, page), seen, total: seen + (page.remaining ?? 0) };
}

function stateAfter(state: MigrationState, resource: string, page: PageOutcome): MigrationState {
  const { server, done, counts, failures } = state;
  const { continueToken } = page;
  return {
    server,
    done: continueToken === undefined ? [...done, resource] : done,
    ...(continueToken !== undefined && { current: { resource, continueToken } }),
    counts: sum(counts, page),
    failures: [...failures, ...page.failures.map(({ object, error }) => `${resource} ${objectText(object)}: ${error.message}`)],
  };
}

function sum(a: MigrationCounts, b: MigrationCounts): MigrationCounts {
  return { rewritten: a.rewritten + b.rewritten, unchanged: a.unchanged + b.unchanged, gone: a.gone + b.gone };
}

const objectText = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string =>
  namespace === '' ? name : `${namespace}/${name}`;

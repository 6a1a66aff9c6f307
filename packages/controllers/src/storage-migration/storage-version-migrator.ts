import { ApiError, type GroupVersionResource, hasReason, type KubeObject } from '@keelson/machinery';
import type { storagemigration } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import { RepeatedTask } from '../repeated-task.js';
import { LoopbackResource } from './loopback-resource.js';
import { migrateObjects, type PageOutcome } from './migrate-objects.js';
import { declare, isIn, isOver, type MigrationState } from './migration-conditions.js';

type Migration = storagemigration.v1alpha1.StorageVersionMigration;

const MIGRATIONS: GroupVersionResource = { group: 'storagemigration.k8s.io', version: 'v1alpha1', resource: 'storageversionmigrations' };
/** How often the migrations are looked at, in memory. */
const CHECK_MS = 1_000;
/** Who runs a migration writes to it after each page, sooner than this; else another replica goes on with it. */
const TAKE_OVER_MS = 30_000;

/** Somebody else has written to the migration: it is no longer this replica's. */
class Superseded extends Error {}

/** Since when a migration is as it is, by this replica's clock. */
interface Sighting {
  readonly resourceVersion: string;
  readonly sinceMs: number;
}

/**
 * Runs what StorageVersionMigrations ask for (KEP-4192). Every replica looks at them; who writes the Running condition
 * first has the migration, and keeps it by writing `spec.continueToken` after each page: each write is refused when
 * there was another one since its last. A migration that stands still is gone on with by anybody, from that token. Two
 * that run one migration for a moment do no harm: an object that is stored in the current version is not written again.
 */
export class StorageVersionMigrator {
  readonly #client: LoopbackClient;
  readonly #onFailure: (error: unknown) => void;
  readonly #takeOverMs: number;
  readonly #rounds: RepeatedTask;
  readonly #stopping = new AbortController();
  #sightings: ReadonlyMap<string, Sighting> = new Map();

  constructor(client: LoopbackClient, onFailure: (error: unknown) => void, takeOverMs = TAKE_OVER_MS) {
    this.#client = client;
    this.#onFailure = onFailure;
    this.#takeOverMs = takeOverMs;
    this.#rounds = new RepeatedTask(() => this.#round(), CHECK_MS, onFailure);
  }

  /** Resolves after the first round, in which migrations may run. */
  start(): Promise<void> {
    return this.#rounds.start();
  }

  /** A migration that runs is left to another replica, or to the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#rounds.stop();
  }

  async #round(): Promise<void> {
    const migrations = (await this.#client.list(MIGRATIONS, '', { at: 'any' })) as Migration[];
    const open = migrations.filter((migration) => !isOver(migration)).sort(byAge);
    this.#sightings = sighted(this.#sightings, open);
    for (const migration of open) {
      if (this.#stopping.signal.aborted) return;
      if (this.#isFree(migration)) await this.#run(migration);
    }
  }

  #isFree(migration: Migration): boolean {
    const { sinceMs = Number.POSITIVE_INFINITY } = this.#sightings.get(migration.metadata.uid ?? '') ?? {};
    return !isIn(migration, 'Running') || performance.now() - sinceMs >= this.#takeOverMs;
  }

  async #run(migration: Migration): Promise<void> {
    const held = new HeldMigration(this.#client, migration);
    try {
      await this.#migrate(held);
    } catch (error) {
      if (error instanceof Superseded || this.#stopping.signal.aborted) return;
      // Not the migration's fault, such as a store that does not answer: somebody will go on with it.
      this.#onFailure(error);
    }
  }

  async #migrate(held: HeldMigration): Promise<void> {
    const { resource, continueToken } = held.migration.spec;
    const gvr = { group: resource.group ?? '', version: resource.version ?? '', resource: resource.resource ?? '' };
    try {
      await held.begin(await this.#latest(gvr));
      await migrateObjects(new LoopbackResource(this.#client, gvr), {
        continueToken: continueToken === '' ? undefined : continueToken,
        signal: this.#stopping.signal,
        onPage: (outcome) => notePage(held, outcome),
      });
      await held.end('Succeeded');
    } catch (error) {
      if (!(error instanceof ApiError) || error.code >= 500 || error.code === 429) throw error;
      await held.end('Failed', error.reason === 'NotFound' ? 'resource does not exist in discovery' : unhandled(error));
    }
  }

  /** resourceVersion of the resource as a whole; throws 404 when it is not served. */
  async #latest(gvr: GroupVersionResource): Promise<string> {
    return (await this.#client.listNames(gvr, { limit: 1 })).resourceVersion;
  }
}

async function notePage(held: HeldMigration, { failures: [failure], continueToken }: PageOutcome): Promise<void> {
  if (failure !== undefined) throw failure.error;
  if (continueToken !== undefined) await held.proceed(continueToken);
}

const unhandled = (error: ApiError): string => `migration encountered unhandled error: ${error.message}`;

/** Writes to a migration as long as nobody else does. */
class HeldMigration {
  readonly #client: LoopbackClient;
  #resourceVersion: string;

  constructor(
    client: LoopbackClient,
    readonly migration: Migration,
  ) {
    this.#client = client;
    this.#resourceVersion = migration.metadata.resourceVersion ?? '';
  }

  begin(latest: string): Promise<void> {
    return this.#write('updateStatus', (migration) => {
      declare(migration, 'Running');
      migration.status.resourceVersion ||= latest;
    });
  }

  proceed(continueToken: string): Promise<void> {
    return this.#write('update', ({ spec }) => {
      spec.continueToken = continueToken;
    });
  }

  end(state: MigrationState, message?: string): Promise<void> {
    return this.#write('updateStatus', (migration) => declare(migration, state, message));
  }

  async #write(verb: 'update' | 'updateStatus', change: (migration: Migration) => void): Promise<void> {
    try {
      this.#resourceVersion = await this.#client[verb](MIGRATIONS, '', this.migration.metadata.name ?? '', (object: KubeObject) => {
        object.metadata.resourceVersion = this.#resourceVersion;
        change(object as Migration);
      });
    } catch (error) {
      const taken = hasReason(error, 'Conflict', 'NotFound');
      throw taken ? new Superseded(error.message, { cause: error }) : error;
    }
  }
}

/** The oldest first; of one second, by name. */
function byAge({ metadata: a }: Migration, { metadata: b }: Migration): number {
  const [first, second] = [a, b].map(({ creationTimestamp, name }) => `${creationTimestamp} ${name}`) as [string, string];
  return first < second ? -1 : 1;
}

function sighted(before: ReadonlyMap<string, Sighting>, migrations: readonly Migration[]): ReadonlyMap<string, Sighting> {
  const now = performance.now();
  return new Map(
    migrations.map(({ metadata: { uid = '', resourceVersion = '' } }) => {
      const known = before.get(uid);
      return [uid, known?.resourceVersion === resourceVersion ? known : { resourceVersion, sinceMs: now }];
    }),
  );
}

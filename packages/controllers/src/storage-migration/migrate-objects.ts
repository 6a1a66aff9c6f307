import { ApiError } from '@keelson/machinery';

/** Objects looked at between two reports. */
const PAGE_SIZE = 100;
/** Objects written at a time: a migration must leave room for everybody else. */
const WORKERS = 5;
const CONFLICT_ATTEMPTS = 5;

export interface MigratedObject {
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
}

export interface ObjectPage {
  readonly objects: readonly MigratedObject[];
  readonly continueToken?: string;
  /** Objects behind this page, when that is known. */
  readonly remaining?: number;
}

/** The objects of one resource, as one who may read and write them has them. Failures that clients see are `ApiError`s. */
export interface MigratedResource {
  page(continueToken: string | undefined, limit: number): Promise<ObjectPage>;
  /** Updates an object without changing it, and gives the resourceVersion it has then. */
  touch(object: MigratedObject): Promise<string>;
}

export interface MigrationFailure {
  readonly object: MigratedObject;
  readonly error: ApiError;
}

/** What became of the objects of one page. */
export interface PageOutcome {
  /** Written since they were listed: by this migration, or by another writer just now. */
  readonly rewritten: number;
  /** Were stored in the current version already. */
  readonly unchanged: number;
  /** Deleted since they were listed. */
  readonly gone: number;
  readonly failures: readonly MigrationFailure[];
  /** Where to go on; undefined when this was the last page. */
  readonly continueToken: string | undefined;
  readonly remaining: number | undefined;
}

export interface MigrationOptions {
  /** Where an earlier run has come to. */
  readonly continueToken?: string | undefined;
  /** Ends it before the next object. */
  readonly signal?: AbortSignal;
  /** Told after each page, and waited for: what it notes is done when the next page begins. */
  onPage(outcome: PageOutcome): void | Promise<void>;
}

/**
 * Has every object of a resource stored in the version that is written now, while others read and write them. An object
 * that cannot be written is a failure of its own; rejects when going on makes no sense, and can then be started again.
 */
export async function migrateObjects(resource: MigratedResource, options: MigrationOptions): Promise<void> {
  let { continueToken } = options;
  do {
    const { objects, continueToken: next, remaining } = await readPage(resource, continueToken);
    const outcome = await touchAll(resource, objects, options.signal);
    await options.onPage({ ...outcome, continueToken: next, remaining });
    continueToken = next;
  } while (continueToken !== undefined);
}

/** History may no longer have the state that a token speaks of: the answer then has one that goes on without it. */
async function readPage(resource: MigratedResource, continueToken: string | undefined): Promise<ObjectPage> {
  try {
    return await resource.page(continueToken, PAGE_SIZE);
  } catch (error) {
    if (continueToken === undefined || !(error instanceof ApiError) || error.code !== 410) throw error;
    return resource.page(error.status.metadata.continue, PAGE_SIZE);
  }
}

type Outcomes = Omit<PageOutcome, 'continueToken' | 'remaining'>;

async function touchAll(resource: MigratedResource, objects: readonly MigratedObject[], signal?: AbortSignal): Promise<Outcomes> {
  const counts = { rewritten: 0, unchanged: 0, gone: 0 };
  const failures: MigrationFailure[] = [];
  const queue = objects.values();
  let over = false;
  const work = async () => {
    for (const object of queue) {
      if (over) return;
      try {
        signal?.throwIfAborted();
        counts[await touch(resource, object)]++;
      } catch (error) {
        if (isOfObject(error)) failures.push({ object, error });
        else {
          over = true;
          throw error;
        }
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: WORKERS }, work));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return { ...counts, failures };
}

async function touch(resource: MigratedResource, object: MigratedObject): Promise<'rewritten' | 'unchanged' | 'gone'> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await resource.touch(object)) === object.resourceVersion ? 'unchanged' : 'rewritten';
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 404) return 'gone';
      if (error.reason !== 'Conflict' || attempt === CONFLICT_ATTEMPTS) throw error;
    }
  }
}

/** Refusals of this write, such as by validation. Others would meet the next object, too: the server is gone, or too busy. */
function isOfObject(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code >= 400 && error.code < 500 && error.code !== 401 && error.code !== 429;
}

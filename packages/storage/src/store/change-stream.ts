import type { KvBackend, KvEvent, Revision } from '../kv.js';
import { StorageError } from '../storage-error.js';
import { StoredObject } from '../stored-object.js';
import { Change } from './change.js';
import type { ResourceLayout } from './resource-layout.js';

export interface ChangeBatch {
  readonly changes: readonly Change[];
  /** Every change of the range up to here has been delivered. */
  readonly revision: Revision;
}

/**
 * The changes below a path of a resource from revision `from` on (inclusive), read from the backend's history and then
 * live, each with the state it replaced.
 */
export async function* streamChanges(
  backend: KvBackend,
  layout: ResourceLayout,
  path: string,
  from: Revision,
  signal: AbortSignal,
): AsyncGenerator<ChangeBatch> {
  for await (const batch of backend.watch(layout.prefix + path, from, { previous: true, signal })) {
    yield { changes: batch.events.map((event) => changeOf(event, layout)), revision: batch.revision };
  }
}

function changeOf(event: KvEvent, layout: ResourceLayout): Change {
  const path = event.key.slice(layout.prefix.length);
  const { previous, value } = event;
  if (previous === undefined && !event.created) {
    // Without the replaced state nobody can tell what the change means to a selection.
    throw new StorageError('compacted', `the state before revision ${event.modRevision} of ${path} is compacted`, event.modRevision);
  }
  return new Change(
    path,
    event.modRevision,
    value && new StoredObject(path, value, event.modRevision, layout.indexer, event.flaw),
    previous && new StoredObject(path, previous.value, previous.modRevision, layout.indexer, previous.flaw),
  );
}

import { hasReason } from '@keelson/machinery';
import type { ListPage } from '@keelson/storage';
import { auditList } from '../audit/response-object.js';
import type { KeelsonContext } from '../http/context.js';
import type { WriteServices } from '../pipeline/write-request.js';
import { writeList } from '../respond/list.js';
import { objectForm } from '../respond/object-form.js';
import { refuseOtherView } from '../respond/refuse-other-view.js';
import { negotiateObject } from '../respond/respond.js';
import { isOver } from '../respond/wire.js';
import { deleteObject, deleteRequest, readDeleteOptions, warnOfDeletion } from './delete.js';
import { readOptions, validateListOptions } from './freshness.js';
import { listMeta, readPage } from './list.js';
import { type DeleteOptions, invalidDeleteOptions, refusedUnsafe } from './options.js';
import { selectedScope } from './selection.js';
import type { Target } from './target.js';

/** Deletions of one collection that are under way at once (`--delete-collection-workers`). */
const WORKERS = 1;

/** DELETE on a collection: every object that the list would show, each with the same options. Answers with that list. */
export async function deleteCollection(ctx: KeelsonContext, target: Target, services: WriteServices): Promise<void> {
  const { query } = ctx.state;
  const negotiated = negotiateObject(ctx, target.version.schema);
  const form = objectForm(target.version, negotiated, query.get('includeObject'));
  const options = await readDeleteOptions(ctx, services);
  if (options.ignoreReadError)
    throw invalidDeleteOptions([refusedUnsafe('is not allowed with DELETECOLLECTION, try again after removing the option')]);
  const reading = readOptions(query);
  validateListOptions(reading);
  // What nobody sees yet goes, too.
  const scope = selectedScope({ ...target, uninitialized: 'shown' }, query.get('labelSelector'), query.get('fieldSelector'));
  warnOfDeletion(ctx, target, options);
  const page = await readPage(target, scope, reading);
  await deleteAll(ctx, target, services, page, options);
  refuseOtherView(target.version, 'list', negotiated);
  const meta = listMeta(page, scope.range.path);
  await auditList(ctx, target.version, negotiated, page, meta);
  await writeList(ctx, form, negotiated, page, meta, false);
}

/** Stops at the first failure, or when nobody waits for the answer any more; nothing is deleted behind the answer's back. */
async function deleteAll(
  ctx: KeelsonContext,
  target: Target,
  services: WriteServices,
  { items, length }: ListPage,
  options: DeleteOptions,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const work = async () => {
    for (let next = queue.next(); next.done !== true && failures.length === 0 && !isOver(ctx.state); next = queue.next()) {
      try {
        await deleteListed(ctx, target, services, next.value.path, options);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(WORKERS, length) }, work));
  if (failures.length > 0) throw failures[0];
}

/** An object that somebody else has deleted meanwhile is what was asked for. */
async function deleteListed(
  ctx: KeelsonContext,
  target: Target,
  services: WriteServices,
  path: string,
  options: DeleteOptions,
): Promise<void> {
  const slash = path.lastIndexOf('/');
  const info = { ...target.info, name: path.slice(slash + 1), namespace: slash < 0 ? '' : path.slice(0, slash) };
  try {
    await deleteObject(deleteRequest(ctx, { ...target, info }, options, services), path, options);
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}

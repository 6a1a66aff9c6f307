import { badRequest, type ListMeta } from '@keelson/machinery';
import {
  type ContinuePosition,
  decodeContinue,
  encodeContinue,
  type Freshness,
  isStorageError,
  type ListPage,
  listExpired,
} from '@keelson/storage';
import { auditList } from '../audit/response-object.js';
import type { KeelsonContext } from '../http/context.js';
import { writeList } from '../respond/list.js';
import { objectForm } from '../respond/object-form.js';
import { refuseOtherView } from '../respond/refuse-other-view.js';
import { negotiateObject } from '../respond/respond.js';
import { inTableOrder } from '../respond/table-order.js';
import { listFreshness, type ReadOptions, readOptions, validateListOptions } from './freshness.js';
import { type Scope, selectedScope } from './selection.js';
import type { Target } from './target.js';

/** GET of a collection. */
export async function list(ctx: KeelsonContext, target: Target): Promise<void> {
  const { query } = ctx.state;
  const negotiated = negotiateObject(ctx, target.version.schema);
  const form = objectForm(target.version, negotiated, query.get('includeObject'));
  const options = readOptions(query);
  validateListOptions(options);
  const scope = selectedScope(target, query.get('labelSelector'), query.get('fieldSelector'));
  const read = await readPage(target, scope, options);
  refuseOtherView(target.version, 'list', negotiated);
  const page = negotiated.view === 'Table' ? inTableOrder(target.version, read) : read;
  const meta = listMeta(page, scope.range.path);
  await auditList(ctx, target.version, negotiated, page, meta);
  await writeList(ctx, form, negotiated, page, meta, scope.selection === undefined);
}

/** Reads a page, at the freshness asked for or where its continue token says. */
export async function readPage({ version }: Target, { range, selection }: Scope, options: ReadOptions): Promise<ListPage> {
  const { store, definition } = version.resource;
  // What is made up when it is read has no revisions and no pages.
  if (definition.storage.computed !== undefined) return store.list(range, { freshness: { at: 'any' }, ...(selection && { selection }) });
  const position = continuePosition(options, range.path);
  const from =
    position === undefined ? { freshness: listFreshness(options) } : { freshness: pageFreshness(position), after: position.after };
  try {
    return await store.list(range, { ...from, ...(selection && { selection }), limit: options.limit });
  } catch (error) {
    throw isStorageError(error, 'compacted') ? listExpired(position, range.path) : error;
  }
}

function continuePosition(options: ReadOptions, rangePath: string): ContinuePosition | undefined {
  if (options.continue === '') return undefined;
  const position = decodeContinue(options.continue, rangePath);
  if (options.resourceVersion !== '' && options.resourceVersion !== '0')
    throw badRequest('specifying resource version is not allowed when using continue');
  return position;
}

function pageFreshness({ revision }: ContinuePosition): Freshness {
  return revision === undefined ? { at: 'consistent' } : { at: 'exact', revision };
}

export function listMeta({ revision, continueAfter, remaining }: ListPage, rangePath: string): ListMeta {
  // What is made up when it is read is of no revision.
  if (revision === 0) return {};
  const resourceVersion = String(revision);
  if (continueAfter === undefined) return { resourceVersion };
  const token = encodeContinue({ revision, after: continueAfter }, rangePath);
  return { resourceVersion, continue: token, ...(remaining !== undefined && { remainingItemCount: remaining }) };
}

import { notFound } from '@keelson/machinery';
import type { KeelsonContext } from '../http/context.js';
import { negotiateObject, writeStored } from '../respond/respond.js';
import { getFreshness } from './freshness.js';
import { isHidden, type Target, targetPath } from './target.js';

/** GET of one object: from the cache, as fresh as the request asks for, written from its kept bytes. */
export async function get(ctx: KeelsonContext, target: Target): Promise<void> {
  const form = negotiateObject(ctx);
  const { query } = ctx.state;
  const freshness = getFreshness(query.raw === '' ? '' : query.get('resourceVersion'));
  const { object } = await target.version.resource.store.get(targetPath(target), freshness);
  if (object === undefined || isHidden(target, object)) throw notFound(target.version.groupResource, target.info.name);
  writeStored(ctx, 200, target.version, object, form);
}

import { notFound } from '@keelson/machinery';
import type { FoundObject } from '@keelson/storage';
import type { KeelsonContext, Outcome } from '../http/context.js';
import type { Negotiated } from '../respond/negotiate.js';
import { negotiateObject, writeStored } from '../respond/respond.js';
import { getFreshness } from './freshness.js';
import { isHidden, type Target, targetPath } from './target.js';

/** GET of one object: from the cache, as fresh as the request asks for, written from its kept bytes. */
export function get(ctx: KeelsonContext, target: Target): Outcome {
  const form = negotiateObject(ctx, target.version.schema);
  const { query } = ctx.state;
  const { store, definition } = target.version.resource;
  const asked = query.raw === '' ? '' : query.get('resourceVersion');
  // What is made up when it is read has no revisions.
  const freshness = definition.storage.computed === undefined ? getFreshness(asked) : ({ at: 'any' } as const);
  const found = store.get(targetPath(target), freshness);
  if (found instanceof Promise) return found.then((later) => answer(ctx, target, form, later));
  answer(ctx, target, form, found);
  return undefined;
}

function answer(ctx: KeelsonContext, target: Target, form: Negotiated, { object }: FoundObject): void {
  if (object === undefined || isHidden(target, object)) throw notFound(target.version.groupResource, target.info.name);
  writeStored(ctx, 200, target.version, object, form);
}

import type { KubeObject } from '@keelson/machinery';
import { notFound } from '@keelson/machinery';
import type { KeelsonContext } from '../http/context.js';
import type { PartSubresource } from '../resource/subresource.js';
import { negotiateObject } from '../respond/respond.js';
import { getFreshness } from './freshness.js';
import { isHidden, type Target, targetPath } from './target.js';
import { writePart } from './update-outcome.js';

/** GET of a subresource: the object as that subresource shows it. */
export async function getPart(ctx: KeelsonContext, target: Target): Promise<void> {
  const negotiated = negotiateObject(ctx, target.version.schema);
  const { version, info, definition } = target;
  const { object } = await version.resource.store.get(targetPath(target), getFreshness(ctx.state.query.get('resourceVersion')));
  if (object === undefined || isHidden(target, object)) throw notFound(version.groupResource, info.name);
  const part = definition as PartSubresource<KubeObject>;
  part.checkShown?.(version.hubObject(object));
  writePart(ctx, { version, part }, 200, object, negotiated);
}

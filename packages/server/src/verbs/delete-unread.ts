import { forbidden, invalid } from '@keelson/machinery';
import type { StoredObject } from '@keelson/storage';
import { authorizationAttributes } from '../filters/authorization.js';
import type { KeelsonContext } from '../http/context.js';
import type { WriteServices } from '../pipeline/write-request.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import type { Negotiated } from '../respond/negotiate.js';
import { successStatus, writeStatusIn } from '../respond/status.js';
import { refusedUnsafe } from './options.js';
import { type Target, targetPath } from './target.js';

const VERB = 'unsafe-delete-ignore-read-errors';

/**
 * DELETE of an object that cannot be read, for who may do even that: it goes unseen by admission, whatever its finalizers would
 * have asked for (KEP-3926).
 */
export async function deleteUnread(ctx: KeelsonContext, target: Target, services: WriteServices, negotiated: Negotiated): Promise<void> {
  const { version, info } = target;
  ctx.state.annotate('apiserver.k8s.io/unsafe-delete-ignore-read-error', '');
  await requireAllowed(ctx, target, services);
  const { store } = version.resource;
  const path = targetPath(target);
  const { object } = await store.get(path, { at: 'consistent' });
  if (object === undefined || isReadable(version, object)) throw notCorrupt(target);
  await store.update(path, (current) => ({ action: current === undefined ? 'keep' : 'delete' }));
  writeStatusIn(ctx, 200, { ...successStatus({ name: info.name, kind: version.kind }), code: 200 }, negotiated);
}

async function requireAllowed(ctx: KeelsonContext, { version, info }: Target, { authorizer }: WriteServices): Promise<void> {
  const refuse = (why: string) => forbidden(version.groupResource, info.name, why);
  if (info.subresource !== '')
    throw refuse('ignoreStoreReadErrorWithClusterBreakingPotential delete option is not allowed on a subresource or non-resource request');
  const { decision, reason = '', error } = await authorizer.authorize({ ...authorizationAttributes(ctx.state), verb: VERB });
  if (error !== undefined) throw refuse(`error while checking permission for "${VERB}", ${messageOf(error)}`);
  if (decision !== 'allow') throw refuse(`not permitted to do "${VERB}", reason: ${reason}`);
}

/** Any way in which it fails to be an object will do. */
function isReadable(version: ResourceVersion, object: StoredObject): boolean {
  try {
    version.hubObject(object);
    return true;
  } catch {
    return false;
  }
}

function notCorrupt({ version, info }: Target) {
  const { group, resource } = version.groupResource;
  return invalid({ group, kind: resource }, info.name, [
    refusedUnsafe('is exclusively used to delete corrupt object(s), try again by removing this option'),
  ]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { type KubeObject, notFound } from '@keelson/machinery';
import { meta } from '@keelson/schema';
import { readBody } from '../http/body.js';
import type { KeelsonContext } from '../http/context.js';
import { bodyFormat, decodeObject } from '../pipeline/decode.js';
import type { WriteRequest, WriteServices } from '../pipeline/write-request.js';
import type { ActionSubresource, SubresourceCreateRequest } from '../resource/subresource.js';
import { writeDocument } from '../respond/document.js';
import { negotiateObject, writeObject } from '../respond/respond.js';
import { isStatus } from '../respond/status.js';
import { deleteObject } from './delete.js';
import { checkDeleteOptions, writeOptions } from './options.js';
import { type Target, targetPath } from './target.js';
import { updatedObject } from './update.js';
import { applyUpdate } from './update-outcome.js';
import { writeRequest } from './write.js';

/** POST on a subresource: binding, eviction, token. */
export async function action(ctx: KeelsonContext, target: Target, services: WriteServices): Promise<void> {
  const negotiated = negotiateObject(ctx);
  const definition = target.definition as ActionSubresource;
  const options = writeOptions(ctx.state.query, 'CreateOptions');
  const request = writeRequest(ctx, target, options, services);
  const format = bodyFormat(ctx.req.headers['content-type']);
  const body = await readBody(ctx.state);
  const object = decodeObject(definition.kind, body, format, options.fieldValidation, (text) => ctx.state.warn(text), definition.alsoTaken);
  const answer = await definition.create(object, actionRequest(target, request));
  if (isStatus(answer)) writeDocument(ctx, 201, answer, meta.v1.Status, negotiated);
  else writeObject(ctx, 201, definition.kind, answer as KubeObject, negotiated);
}

function actionRequest(target: Target, request: WriteRequest): SubresourceCreateRequest {
  const { version, info } = target;
  const { resource } = version;
  const path = targetPath(target);
  return {
    namespace: info.namespace,
    name: info.name,
    user: request.user,
    context: request.context,
    async getParent() {
      const { object } = await resource.store.get(path, { at: 'consistent' });
      if (object === undefined) throw notFound(version.groupResource, info.name);
      return version.hubObject(object);
    },
    async updateParent(change) {
      const outcome = await applyUpdate(request, path, async (current) => {
        if (current === undefined) throw notFound(version.groupResource, info.name);
        const old = version.hubObject(current);
        const asked = version.hubObject(current);
        await change(asked);
        return updatedObject(request, version.fromHub(asked), { stored: current, hub: old });
      });
      const stored = outcome.current ?? outcome.previous;
      if (stored === undefined) throw notFound(version.groupResource, info.name);
      return version.hubObject(stored);
    },
    async deleteParent(options) {
      await deleteObject(request, path, checkDeleteOptions(options));
    },
  };
}

import { type AdmissionAttributes, type KubeObject, notFound } from '@keelson/machinery';
import { applyDefaults } from '@keelson/schema';
import { auditRequestObject } from '../audit/request-object.js';
import { readBody } from '../http/body.js';
import type { KeelsonContext } from '../http/context.js';
import { Admission } from '../pipeline/admission.js';
import { admissionAttributes } from '../pipeline/admission-attributes.js';
import { bodyFormat, decodeObject } from '../pipeline/decode.js';
import { recordActionFields } from '../pipeline/managed-fields.js';
import { mutate } from '../pipeline/mutation.js';
import type { WriteRequest, WriteServices } from '../pipeline/write-request.js';
import type { ActionSubresource, SubresourceCreateRequest } from '../resource/subresource.js';
import { negotiateAnswer, writeObject } from '../respond/respond.js';
import { isStatus, writeStatusIn } from '../respond/status.js';
import { deleteObject } from './delete.js';
import { checkDeleteOptions, writeOptions } from './options.js';
import { type Target, targetPath } from './target.js';
import { updatedObject } from './update.js';
import { applyUpdate } from './update-outcome.js';
import { checkNamespace, writeRequest } from './write.js';

/** POST on a subresource: binding, eviction, token. */
export async function action(ctx: KeelsonContext, target: Target, services: WriteServices): Promise<void> {
  const definition = target.definition as ActionSubresource;
  const negotiated = negotiateAnswer(ctx, definition.kind);
  const options = writeOptions(ctx.state.query, 'CreateOptions');
  const request = writeRequest(ctx, target, options, services);
  const format = bodyFormat(ctx.req.headers['content-type']);
  const body = await readBody(ctx.state);
  const { object } = decodeObject(
    definition.kind,
    body,
    format,
    options.fieldValidation,
    (text) => ctx.state.warn(text),
    definition.alsoTaken,
  );
  auditRequestObject(ctx.state, target.version, definition.kind, object);
  complete(object, definition, request);
  const attributes = admissionAttributes(request, 'CREATE', object, undefined);
  await mutate(request, attributes);
  const answer = await definition.create(object, actionRequest(target, request, attributes));
  if (isStatus(answer)) writeStatusIn(ctx, 201, answer, negotiated);
  else writeObject(ctx, 201, definition.kind, answer as KubeObject, negotiated);
}

/** The body as admission sees it: complete, like any new object. Of early releases there are bodies without metadata. */
function complete(object: KubeObject, definition: ActionSubresource, request: WriteRequest): void {
  const { kind } = definition;
  applyDefaults(kind, object);
  definition.defaults?.(object);
  if (object.metadata === undefined) return;
  checkNamespace(request, object);
  recordActionFields(request, kind, object);
}

async function updateParent(
  request: WriteRequest,
  path: string,
  change: Parameters<SubresourceCreateRequest['updateParent']>[0],
): Promise<KubeObject> {
  const { version, name } = request;
  const outcome = await applyUpdate(request, path, async (current) => {
    if (current === undefined) throw notFound(version.groupResource, name);
    const old = version.hubObject(current);
    const asked = version.hubObject(current);
    await change(asked);
    return updatedObject(request, version.fromHub(asked), { stored: current, hub: old });
  });
  const stored = outcome.current ?? outcome.previous;
  if (stored === undefined) throw notFound(version.groupResource, name);
  return version.hubObject(stored);
}

/** What a write of the status is besides what any write of the parent is. */
function statusOf({ version: { resource, subresources } }: Target): Pick<WriteRequest, 'subresource' | 'part'> {
  const { status } = subresources;
  if (status?.type !== 'part') throw new Error(`${resource.resource} have no status that is written by itself`);
  return { subresource: 'status', part: status };
}

/** Plugins judge what is asked for, not what is done to the parent for it. */
const NO_ADMISSION = new Admission([]);

function actionRequest(target: Target, asked: WriteRequest, attributes: AdmissionAttributes): SubresourceCreateRequest {
  const { version, info } = target;
  const request: WriteRequest = { ...asked, services: { ...asked.services, admission: NO_ADMISSION } };
  const { resource } = version;
  const path = targetPath(target);
  return {
    namespace: info.namespace,
    name: info.name,
    user: request.user,
    context: request.context,
    validateAdmission: async () => asked.services.admission.validate(attributes),
    async getParent() {
      const { object } = await resource.store.get(path, { at: 'consistent' });
      if (object === undefined) throw notFound(version.groupResource, info.name);
      return version.hubObject(object);
    },
    updateParent: (change) => updateParent(request, path, change),
    updateParentStatus: (change) => updateParent({ ...request, ...statusOf(target) }, path, change),
    async deleteParent(options) {
      const checked = checkDeleteOptions(options, request.services.features);
      const context = { ...request.context, dryRun: checked.dryRun };
      await deleteObject({ ...request, context }, path, checked);
    },
  };
}

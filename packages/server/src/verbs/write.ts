import { ApiError, badRequest, headerText, type KubeObject, timeNow } from '@keelson/machinery';
import { StoredObject, type UpdateOutcome } from '@keelson/storage';
import { auditRequestObject } from '../audit/request-object.js';
import { readBody } from '../http/body.js';
import type { KeelsonContext } from '../http/context.js';
import { bodyFormat, decodeObject } from '../pipeline/decode.js';
import { warnOfRepeatedOwners } from '../pipeline/mutation.js';
import type { WriteRequest, WriteServices } from '../pipeline/write-request.js';
import type { PartSubresource } from '../resource/subresource.js';
import { managerOf, type WriteOptions } from './options.js';
import type { Target } from './target.js';

/** Collects what the pipeline needs to know of a write. */
export function writeRequest(ctx: KeelsonContext, target: Target, options: WriteOptions, services: WriteServices): WriteRequest {
  const { version, info, subresource, definition } = target;
  const { state } = ctx;
  const part = definition?.type === 'part' ? (definition as PartSubresource<KubeObject>) : undefined;
  return {
    version,
    subresource,
    ...(part && { part }),
    namespace: info.namespace,
    name: info.name,
    user: state.user,
    manager: managerOf(options.fieldManager, headerText(ctx.req.headers['user-agent'] ?? '')),
    fieldValidation: options.fieldValidation,
    options: options.object,
    services,
    get signal() {
      return state.signal;
    },
    deadlineAtMs: state.deadlineAtMs,
    context: {
      user: state.user,
      namespace: info.namespace,
      name: info.name,
      apiVersion: version.apiVersion,
      dryRun: options.dryRun,
      now: timeNow(),
      features: services.features,
      warn: (text) => state.warn(text),
      annotate: (key, value, level) => state.annotate(key, value, level),
    },
  };
}

/** The object a request carries, which must fit the path it was sent to. */
export async function requestObject(ctx: KeelsonContext, request: WriteRequest): Promise<KubeObject> {
  const read = await requestReader(ctx, request);
  return read().object;
}

export interface SentObject {
  readonly object: KubeObject;
  /** Nobody is to own anything of what it replaces. */
  readonly disowns: boolean;
}

/** The same for a write that may have to be tried again: whoever gets the object changes it, so each call decodes another one. */
export async function requestReader(ctx: KeelsonContext, request: WriteRequest): Promise<() => SentObject> {
  const format = bodyFormat(ctx.req.headers['content-type']);
  const body = await readBody(ctx.state);
  const { part, fieldValidation } = request;
  const schema = part?.kind ?? request.version.schema;
  let noted = false;
  return () => {
    const sent = readable(part, () => decodeObject(schema, body, format, fieldValidation, (text) => ctx.state.warn(text)));
    const { object, disowns = false } = sent;
    if (!noted) auditRequestObject(ctx.state, request.version, schema, object);
    noted = true;
    checkNamespace(request, object);
    warnOfRepeatedOwners(object, '', (text) => ctx.state.warn(text));
    return { object, disowns };
  };
}

/** What is read; some parts have words of their own for what cannot be. */
function readable<T>(part: PartSubresource<KubeObject> | undefined, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw (error instanceof ApiError ? part?.unreadable?.() : undefined) ?? error;
  }
}

/** Puts an object into the namespace of the path, which may be none, or refuses it as one of another namespace. */
export function checkNamespace({ version, namespace }: WriteRequest, object: KubeObject): void {
  const { metadata } = object;
  if (!version.resource.namespaced) {
    delete metadata.namespace;
    return;
  }
  if (metadata.namespace && metadata.namespace !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  metadata.namespace = namespace;
}

/** A body may leave its name out of a request that names the object in its path, but not contradict it. */
export function checkName({ name }: WriteRequest, object: KubeObject): void {
  const { metadata } = object;
  if (metadata.name && metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  if (!metadata.name) throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
}

/** What a dry run would have stored: it has no revision. */
export function unstored(request: WriteRequest, path: string, hub: KubeObject, revision = 0): StoredObject {
  const { form } = request.version.resource;
  return new StoredObject(path, form.encode(hub), revision, form.indexer);
}

/** 201 where the write made the object. */
export function statusOf({ action }: UpdateOutcome): number {
  return action === 'created' ? 201 : 200;
}

export function ttlOf(request: WriteRequest, hub: KubeObject): { ttlSeconds?: number } {
  const ttl = request.version.resource.definition.storage.ttlSeconds;
  return ttl === undefined ? {} : { ttlSeconds: ttl(hub) };
}

import { internalError, type Json, type JsonObject, jsonEqual } from '@keelson/machinery';
import { applyJsonPatch, decodeJsonPatch, isDeeperThan, maxDepth } from '@keelson/patch';
import { DecodeError, parseBody, typeMetaOf, unreadableKind } from '@keelson/schema';
import { WebhookCallError } from './call-error.js';
import type { ReviewResponse } from './review-response.js';
import type { Invocation } from './webhook-caller.js';

/** What a webhook has done to an object. */
export interface Mutation {
  /** The operations of its patch. */
  readonly patch: readonly JsonObject[];
  /** False: the patch left the object as it was. */
  readonly changed: boolean;
}

/** Changes the request's object as a webhook wants it; undefined when it wants nothing. */
export function applyReviewPatch({ webhook, version, attributes, objects }: Invocation, response: ReviewResponse): Mutation | undefined {
  if (response.patch.length === 0) return undefined;
  const patch = decode(webhook.name, response.patch);
  if (patch.length === 0) return undefined;
  const { object } = attributes;
  const before = objects.view(version);
  if (object === undefined || before === undefined) {
    const name = JSON.stringify(webhook.name);
    throw internalError(new Error(`admission webhook ${name} attempted to modify the object, which is not supported for this operation`));
  }
  if (response.patchType !== 'JSONPatch')
    throw new WebhookCallError(webhook.name, `unsupported patch type ${JSON.stringify(response.patchType)}`, 400);
  try {
    const after = patched(before as unknown as JsonObject, patch);
    version.update(object, after);
    objects.forget();
    return { patch, changed: !jsonEqual(before as unknown as JsonObject, after) };
  } catch (error) {
    throw internalError(error);
  }
}

function decode(webhook: string, text: Buffer): JsonObject[] {
  try {
    return decodeJsonPatch(parseBody(text, 'json').value);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new WebhookCallError(webhook, `received undecodable patch in webhook response: ${why}`, 503, { cause: error });
  }
}

function patched(before: JsonObject, patch: readonly JsonObject[]): JsonObject {
  const after: Json = applyJsonPatch(before, patch);
  if (isDeeperThan(after, maxDepth)) throw new Error('exceeded max depth');
  requireTypeMeta(after);
  return after as JsonObject;
}

function requireTypeMeta(value: Json): void {
  try {
    typeMetaOf(value);
  } catch (error) {
    throw error instanceof DecodeError ? unreadableKind(error) : error;
  }
}

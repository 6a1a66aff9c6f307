import type { KubeObject } from '@keelson/machinery';
import type { KindSchema } from '@keelson/schema';
import type { StoredObject } from '@keelson/storage';
import { auditAnswer, auditStored } from '../audit/response-object.js';
import type { KeelsonContext } from '../http/context.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import { sendText, writeDocument } from './document.js';
import { type Negotiated, negotiatorOf } from './negotiate.js';
import { objectDocument } from './object-document.js';
import { objectForm } from './object-form.js';
import { sendBody } from './send.js';

/** Agrees on a form before anything is done, so that a client who accepts none is told before a write. */
export function negotiateObject(ctx: KeelsonContext, schema: KindSchema): Negotiated {
  return negotiatorOf(schema).negotiate(ctx);
}

/** A stored object, in the negotiated form, from its kept bytes. */
export function writeStored(
  ctx: KeelsonContext,
  code: number,
  version: ResourceVersion,
  object: StoredObject,
  negotiated: Negotiated,
): void {
  auditStored(ctx, version, object, negotiated);
  const { query } = ctx.state;
  const form = objectForm(version, negotiated, query.raw === '' ? '' : query.get('includeObject'));
  const document = form.document(object);
  if (negotiated.media === 'application/yaml' || negotiated.pretty) sendText(ctx, code, document.toString(), negotiated);
  else sendBody(ctx, code, form.contentType, document);
}

/** An object that is not stored as such: a subresource's view, a review's answer. */
export function writeObject(ctx: KeelsonContext, code: number, schema: KindSchema, object: KubeObject, negotiated: Negotiated): void {
  auditAnswer(ctx, schema, object);
  if (negotiated.media === 'application/vnd.kubernetes.protobuf') {
    writeDocument(ctx, code, object, schema, negotiated);
    return;
  }
  sendText(ctx, code, objectDocument(schema, object).toString(), negotiated);
}

import { formatGroupVersion, type KubeObject } from '@keelson/machinery';
import { type KindSchema, meta } from '@keelson/schema';
import type { StoredObject } from '@keelson/storage';
import { auditAnswer, auditStored } from '../audit/response-object.js';
import type { KeelsonContext } from '../http/context.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import { sendText, writeDocument } from './document.js';
import { answerNegotiatorOf, type Negotiated, negotiatorOf } from './negotiate.js';
import { objectDocument } from './object-document.js';
import { objectForm } from './object-form.js';
import { refuseOtherView } from './refuse-other-view.js';
import { sendBody } from './send.js';

/** Agrees on a form before anything is done, so that a client who accepts none is told before a write. */
export function negotiateObject(ctx: KeelsonContext, schema: KindSchema): Negotiated {
  return negotiatorOf(schema).negotiate(ctx);
}

/** As `negotiateObject`, for an object that is not stored. */
export function negotiateAnswer(ctx: KeelsonContext, schema: KindSchema): Negotiated {
  return answerNegotiatorOf(schema).negotiate(ctx);
}

/** A stored object, in the negotiated form, from its kept bytes. */
export function writeStored(
  ctx: KeelsonContext,
  code: number,
  version: ResourceVersion,
  object: StoredObject,
  negotiated: Negotiated,
): void {
  refuseOtherView(version, 'object', negotiated);
  auditStored(ctx, version, object, negotiated);
  const { query } = ctx.state;
  const form = objectForm(version, negotiated, query.raw === '' ? '' : query.get('includeObject'));
  const document = form.document(object);
  if (negotiated.media === 'application/yaml' || negotiated.pretty) sendText(ctx, code, document.toString(), negotiated);
  else sendBody(ctx, code, form.contentType, document);
}

const partialKinds = { v1: meta.v1.PartialObjectMetadata, v1beta1: meta.v1beta1.PartialObjectMetadata };

/** An object that is not stored as such: a subresource's view, a review's answer. */
export function writeObject(ctx: KeelsonContext, code: number, schema: KindSchema, object: KubeObject, negotiated: Negotiated): void {
  auditAnswer(ctx, schema, object);
  if (negotiated.view !== undefined) {
    const partial = partialKinds[negotiated.viewVersion];
    const document = { kind: partial.kind, apiVersion: formatGroupVersion(partial), metadata: object.metadata };
    writeDocument(ctx, code, document, partial, negotiated);
    return;
  }
  if (negotiated.media === 'application/vnd.kubernetes.protobuf') {
    writeDocument(ctx, code, object, schema, negotiated);
    return;
  }
  sendText(ctx, code, objectDocument(schema, object).toString(), negotiated);
}

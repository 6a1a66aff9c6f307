import { formatJson, type KubeObject, type ListMeta, type Status, TimeSlice } from '@keelson/machinery';
import type { KindSchema } from '@keelson/schema';
import { type ListPage, StoredObject } from '@keelson/storage';
import type { KeelsonContext } from '../http/context.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import type { Negotiated } from '../respond/negotiate.js';
import { objectDocument } from '../respond/object-document.js';
import { type ObjectForm, objectForm } from '../respond/object-form.js';
import type { AuditTrail } from './audit-trail.js';

/** A list beyond this is recorded without its items: an event has to fit into the buffers on its way. */
const MAX_LIST_BYTES = 16 * 1024 * 1024;

/** Notes the answer to a request: the same view of the object as the client gets, in JSON. */
export function auditStored({ state }: KeelsonContext, version: ResourceVersion, object: StoredObject, negotiated: Negotiated): void {
  const { audit, query } = state;
  if (!audit?.wantsResponse) return;
  const document = jsonForm(version, negotiated, query.get('includeObject')).document(shown(audit, version, object));
  audit.responseObject([document.subarray(0, document.length - 1)]);
}

/** The same of an object that is not stored as such. */
export function auditAnswer({ state: { audit } }: KeelsonContext, schema: KindSchema, object: KubeObject): void {
  if (!audit?.wantsResponse) return;
  const { managedFields, ...metadata } = object.metadata ?? {};
  const document = objectDocument(schema, audit.omitsManagedFields && managedFields !== undefined ? { ...object, metadata } : object);
  audit.responseObject([document.subarray(0, document.length - 1)]);
}

export function auditStatus(ctx: KeelsonContext, status: Status): void {
  const { audit } = ctx.state;
  if (audit === undefined) return;
  audit.responseStatus(status);
  auditDocument(ctx, status);
}

/** The same of what carries its TypeMeta already. */
export function auditDocument({ state: { audit } }: KeelsonContext, document: object): void {
  if (audit?.wantsResponse) audit.responseObject([Buffer.from(formatJson(document))]);
}

/** Notes a list as it is answered; awaited before it is. */
export function auditList(
  { state }: KeelsonContext,
  version: ResourceVersion,
  negotiated: Negotiated,
  page: ListPage,
  meta: ListMeta,
): Promise<void> | undefined {
  const { audit, query } = state;
  return audit?.wantsResponse ? collect(audit, version, jsonForm(version, negotiated, query.get('includeObject')), page, meta) : undefined;
}

async function collect(audit: AuditTrail, version: ResourceVersion, form: ObjectForm, page: ListPage, meta: ListMeta): Promise<void> {
  const { head, separator, tail } = form.list(meta, page.length, 0);
  const pieces = [head];
  let bytes = 0;
  const slice = new TimeSlice();
  for (const object of page.items) {
    if (separator !== undefined && pieces.length > 1) pieces.push(separator);
    const item = form.item(shown(audit, version, object));
    pieces.push(item);
    bytes += item.length;
    if (bytes > MAX_LIST_BYTES) return audit.omitResponse();
    if (slice.spent()) await slice.next();
  }
  if (tail !== undefined) pieces.push(tail.subarray(0, tail.length - 1));
  audit.responseObject(pieces);
}

function jsonForm(version: ResourceVersion, negotiated: Negotiated, includeObject: string): ObjectForm {
  return objectForm(version, { ...negotiated, media: 'application/json', pretty: false }, includeObject);
}

function shown(audit: AuditTrail, version: ResourceVersion, object: StoredObject): StoredObject {
  if (!audit.omitsManagedFields) return object;
  const { form } = version.resource;
  return new StoredObject(object.path, form.encode(form.decode(object.value, 'managedFields')), object.revision, form.indexer);
}

import { microTimeOf, type Status, type UserInfo } from '@keelson/machinery';
import { formatJson } from '@keelson/schema';
import type { AuditLevel, AuditStage } from './audit-level.js';

/** The object that a request is about, as far as it is known. */
export interface ObjectReference {
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly apiGroup?: string;
  readonly apiVersion?: string;
  readonly resourceVersion?: string;
  readonly subresource?: string;
}

/** JSON text of an object, perhaps in pieces: those of a list are the bodies that its items have anyway. */
export type ObjectJson = readonly Buffer[];

export interface AuditEventFields {
  readonly level: AuditLevel;
  readonly auditId: string;
  readonly stage: AuditStage;
  readonly requestUri: string;
  readonly verb: string;
  readonly user: UserInfo | undefined;
  readonly impersonatedUser: UserInfo | undefined;
  readonly sourceIps: readonly string[];
  readonly userAgent: string;
  readonly objectReference: ObjectReference | undefined;
  readonly responseStatus: Partial<Status> | undefined;
  readonly requestObject: ObjectJson | undefined;
  readonly responseObject: ObjectJson | undefined;
  /** Milliseconds since 1970, with their fraction. */
  readonly receivedAtMs: number;
  readonly stageAtMs: number;
  readonly annotations: ReadonlyMap<string, string> | undefined;
}

/** Annotation of events that objects were left out of. */
export const TRUNCATED = 'audit.k8s.io/truncated';

/** One event of the audit.k8s.io/v1 API. Immutable; its JSON is made once, whoever takes it. */
export class AuditEvent {
  readonly fields: AuditEventFields;
  #body: Buffer | undefined;

  constructor(fields: AuditEventFields) {
    this.fields = fields;
  }

  /** JSON text without TypeMeta, as the items of an EventList are. */
  get body(): Buffer {
    this.#body ??= encode(this.fields);
    return this.#body;
  }

  /** The same event without what makes it large. */
  truncated(): AuditEvent {
    const annotations = new Map(this.fields.annotations).set(TRUNCATED, 'true');
    return new AuditEvent({ ...this.fields, requestObject: undefined, responseObject: undefined, annotations });
  }
}

function encode(fields: AuditEventFields): Buffer {
  const { level, auditId, stage, requestUri, verb, sourceIps, userAgent, responseStatus, annotations } = fields;
  const head = formatJson({
    level,
    auditID: auditId,
    stage,
    requestURI: requestUri,
    verb,
    user: fields.user === undefined ? {} : userJson(fields.user),
    impersonatedUser: fields.impersonatedUser && userJson(fields.impersonatedUser),
    sourceIPs: sourceIps.length > 0 ? sourceIps : undefined,
    userAgent: userAgent || undefined,
    objectRef: fields.objectReference,
    responseStatus: responseStatus && statusJson(responseStatus),
  }).slice(0, -1);
  const times = `"requestReceivedTimestamp":"${microTimeOf(fields.receivedAtMs)}","stageTimestamp":"${microTimeOf(fields.stageAtMs)}"`;
  const notes = annotations !== undefined && annotations.size > 0 ? `,"annotations":${formatJson(sorted(annotations))}` : '';
  const { requestObject, responseObject } = fields;
  if (requestObject === undefined && responseObject === undefined) return Buffer.from(`${head},${times}${notes}}`);
  return Buffer.concat([
    Buffer.from(head),
    ...member('requestObject', requestObject),
    ...member('responseObject', responseObject),
    Buffer.from(`,${times}${notes}}`),
  ]);
}

function member(name: string, json: ObjectJson | undefined): readonly Buffer[] {
  return json === undefined ? [] : [Buffer.from(`,"${name}":`), ...json];
}

function userJson({ name, uid, groups, extra }: UserInfo) {
  return {
    username: name || undefined,
    uid: uid || undefined,
    groups: groups.length > 0 ? groups : undefined,
    extra: extra && Object.keys(extra).length > 0 ? sorted(Object.entries(extra)) : undefined,
  };
}

function statusJson({ status, message, reason, details, code }: Partial<Status>) {
  return { metadata: {}, status, message: message || undefined, reason: reason || undefined, details, code };
}

/** Maps are printed in the order of their keys. */
function sorted<V>(entries: Iterable<readonly [string, V]>): Record<string, V> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

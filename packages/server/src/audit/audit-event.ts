import { formatJson, formatJsonString, microTimeOf, type Status, type UserInfo } from '@keelson/machinery';
import type { AuditLevel, AuditStage } from './audit-level.js';

/** The object that a request is about, as far as it is known; in the order in which it is written. */
export interface ObjectReference {
  readonly resource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly uid?: string | undefined;
  readonly apiGroup?: string | undefined;
  readonly apiVersion?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly subresource?: string | undefined;
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

const OPENING = Buffer.from('{');

/** Annotation of events that objects were left out of. */
export const TRUNCATED = 'audit.k8s.io/truncated';

/** One event of the audit.k8s.io/v1 API. Immutable; its JSON is made once, whoever takes it. */
export class AuditEvent {
  readonly fields: AuditEventFields;
  #members: ObjectJson | undefined;

  constructor(fields: AuditEventFields) {
    this.fields = fields;
  }

  /** JSON text behind the opening brace and TypeMeta, in pieces: objects are not copied before they are written. */
  get members(): ObjectJson {
    this.#members ??= encode(this.fields);
    return this.#members;
  }

  /** JSON text without TypeMeta, as the items of an EventList are. */
  get body(): Buffer {
    return Buffer.concat([OPENING, ...this.members]);
  }

  /** Of `members`. */
  get bytes(): number {
    return this.members.reduce((sum, { length }) => sum + length, 0);
  }

  /** The same event without what makes it large. */
  truncated(): AuditEvent {
    const annotations = new Map(this.fields.annotations).set(TRUNCATED, 'true');
    return new AuditEvent({ ...this.fields, requestObject: undefined, responseObject: undefined, annotations });
  }
}

function encode(fields: AuditEventFields): ObjectJson {
  const { user, impersonatedUser, sourceIps, userAgent, objectReference, responseStatus, annotations, requestObject, responseObject } =
    fields;
  let head = `"level":"${fields.level}","auditID":${formatJsonString(fields.auditId)},"stage":"${fields.stage}"`;
  head += `,"requestURI":${formatJsonString(fields.requestUri)},"verb":${formatJsonString(fields.verb)}`;
  head += `,"user":${user === undefined ? '{}' : userText(user)}`;
  if (impersonatedUser !== undefined) head += `,"impersonatedUser":${userText(impersonatedUser)}`;
  if (sourceIps.length > 0) head += `,"sourceIPs":${formatJson(sourceIps)}`;
  if (userAgent !== '') head += `,"userAgent":${formatJsonString(userAgent)}`;
  if (objectReference !== undefined) head += `,"objectRef":${formatJson(objectReference)}`;
  if (responseStatus !== undefined) head += `,"responseStatus":${formatJson(statusJson(responseStatus))}`;
  let tail = `,"requestReceivedTimestamp":"${microTimeOf(fields.receivedAtMs)}","stageTimestamp":"${microTimeOf(fields.stageAtMs)}"`;
  if (annotations !== undefined && annotations.size > 0) tail += `,"annotations":${formatJson(sorted(annotations))}`;
  if (requestObject === undefined && responseObject === undefined) return [Buffer.from(`${head}${tail}}`)];
  return [
    Buffer.from(head),
    ...member('requestObject', requestObject),
    ...member('responseObject', responseObject),
    Buffer.from(`${tail}}`),
  ];
}

/** Authenticators hand out the same user for the same credential. */
const userTexts = new WeakMap<UserInfo, string>();

function userText(user: UserInfo): string {
  let text = userTexts.get(user);
  if (text === undefined) {
    text = formatJson(userJson(user));
    userTexts.set(user, text);
  }
  return text;
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

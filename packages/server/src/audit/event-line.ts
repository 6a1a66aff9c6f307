import { microTimeOf, quote } from '@keelson/machinery';
import type { AuditEvent } from './audit-event.js';

/** `--audit-log-format` */
export type AuditLogFormat = 'json' | 'legacy';

const HEAD = Buffer.from('{"kind":"Event","apiVersion":"audit.k8s.io/v1",');
const NEWLINE = Buffer.from('\n');

/** What an event takes as a JSON line. */
export function jsonLineBytes({ bytes }: AuditEvent): number {
  return HEAD.length + bytes + NEWLINE.length;
}

/** An event as a line of the log. */
export function eventLine(event: AuditEvent, format: AuditLogFormat): Buffer {
  return format === 'json' ? Buffer.concat([HEAD, ...event.members, NEWLINE]) : Buffer.from(`${legacyText(event)}\n`);
}

/** The text that logs had before there was an API for events: a part of what is known. */
function legacyText({ fields }: AuditEvent): string {
  const { user, impersonatedUser, objectReference, responseStatus } = fields;
  const values = {
    id: fields.auditId,
    stage: fields.stage,
    ip: fields.sourceIps[0] ?? '<unknown>',
    method: fields.verb,
    user: user?.name || '<none>',
    groups: user?.name && user.groups.length > 0 ? user.groups.map(quote).join(',') : '<none>',
    as: impersonatedUser?.name ?? '<self>',
    asgroups: impersonatedUser?.groups.map(quote).join(',') ?? '<lookup>',
    'user-agent': fields.userAgent,
    namespace: objectReference?.namespace || '<none>',
    uri: fields.requestUri,
  };
  const texts = Object.entries(values).map(([name, value]) => `${name}=${quote(value)}`);
  const response = responseStatus === undefined ? '<deferred>' : String(responseStatus.code ?? 0);
  return `${nanoTime(fields.receivedAtMs)} AUDIT: ${texts.join(' ')} response="${response}"`;
}

/** RFC 3339 without zeros at the end of the fraction. */
function nanoTime(epochMs: number): string {
  return microTimeOf(epochMs).replace(/\.?0+Z$/, 'Z');
}

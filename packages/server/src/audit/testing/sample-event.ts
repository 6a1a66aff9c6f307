import { AuditEvent, type AuditEventFields } from '../audit-event.js';

/** An event of which nothing is known but its audit id, `e1` when it does not matter. */
export function sampleEvent(auditId = 'e1', fields: Partial<AuditEventFields> = {}): AuditEvent {
  return new AuditEvent({
    level: 'Metadata',
    auditId,
    stage: 'ResponseComplete',
    requestUri: '/api',
    verb: 'get',
    user: undefined,
    impersonatedUser: undefined,
    sourceIps: [],
    userAgent: '',
    objectReference: undefined,
    responseStatus: undefined,
    requestObject: undefined,
    responseObject: undefined,
    receivedAtMs: 0,
    stageAtMs: 0,
    annotations: undefined,
    ...fields,
  });
}

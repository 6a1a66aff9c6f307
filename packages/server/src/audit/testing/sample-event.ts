import { AuditEvent, type AuditEventFields } from '../audit-event.js';

/** All that there is of an event of which nothing is known. */
export const leastFields: AuditEventFields = {
  level: 'Metadata',
  auditId: 'e1',
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
};

/** An event of which nothing is known but its audit id, `e1` when it does not matter. */
export function sampleEvent(auditId = leastFields.auditId, fields: Partial<AuditEventFields> = {}): AuditEvent {
  return new AuditEvent({ ...leastFields, auditId, ...fields });
}

/** How much of a request is recorded, from nothing on; each level has what those before it have. */
export const auditLevels = ['None', 'Metadata', 'Request', 'RequestResponse'] as const;
export type AuditLevel = (typeof auditLevels)[number];

/** When events of a request are made. */
export const auditStages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const;
export type AuditStage = (typeof auditStages)[number];

export function hasRequest(level: AuditLevel): boolean {
  return level === 'Request' || level === 'RequestResponse';
}

export function hasResponse(level: AuditLevel): boolean {
  return level === 'RequestResponse';
}

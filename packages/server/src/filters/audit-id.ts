import { randomUUID } from 'node:crypto';
import type { Filter } from '../http/context.js';

/** Names each request: a client's own Audit-ID is kept, and the answer carries it back. */
export const assignAuditId: Filter = (ctx, next) => {
  const given = ctx.req.headers['audit-id'];
  const id = typeof given === 'string' && given !== '' ? given : randomUUID();
  ctx.state.auditId = id;
  ctx.res.setHeader('Audit-Id', id);
  return next();
};

import { randomUUID } from 'node:crypto';
import type { Filter } from '../http/context.js';

/** Characters at the end of a UUID that no variant or version has a say in. */
const COUNTED_DIGITS = 12;
const COUNTS = 16 ** COUNTED_DIGITS;

/** Ids of one process: a random UUID (version 4) whose last digits count. They need not be secret, and a random one for each costs more. */
const series = randomUUID();
const seriesStart = series.slice(0, -COUNTED_DIGITS);
let count = Number.parseInt(series.slice(-COUNTED_DIGITS), 16);

function nextId(): string {
  count = (count + 1) % COUNTS;
  return seriesStart + count.toString(16).padStart(COUNTED_DIGITS, '0');
}

/** Names each request: a client's own Audit-ID is kept, and the answer carries it back. */
export const assignAuditId: Filter = (ctx, next) => {
  const given = ctx.req.headers['audit-id'];
  const id = typeof given === 'string' && given !== '' ? given : nextId();
  ctx.state.auditId = id;
  ctx.res.setHeader('Audit-Id', id);
  return next();
};

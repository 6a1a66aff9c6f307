import { randomUUID } from 'node:crypto';
import type { Filter } from '../http/context.js';

/** Characters at the end of a UUID that no variant or version has a say in, and how many of them change most often. */
const COUNTED_DIGITS = 12;
const FAST_DIGITS = 3;
const SLOW_COUNTS = 16 ** (COUNTED_DIGITS - FAST_DIGITS);

const hex = (count: number, digits: number): string => count.toString(16).padStart(digits, '0');
const endings = Array.from({ length: 16 ** FAST_DIGITS }, (_, count) => hex(count, FAST_DIGITS));

/** Ids of one process: a random UUID (version 4) whose last digits count. They need not be secret, and a random one for each costs more. */
const series = randomUUID();
const seriesStart = series.slice(0, -COUNTED_DIGITS);
let slowCount = Number.parseInt(series.slice(-COUNTED_DIGITS, -FAST_DIGITS), 16);
let fastCount = endings.length;
let beginning = '';

function nextId(): string {
  if (fastCount === endings.length) {
    fastCount = 0;
    slowCount = (slowCount + 1) % SLOW_COUNTS;
    beginning = seriesStart + hex(slowCount, COUNTED_DIGITS - FAST_DIGITS);
  }
  return beginning + endings[fastCount++];
}

/** Names each request: a client's own Audit-ID is kept, and the answer carries it back. */
export const assignAuditId: Filter = (ctx, next) => {
  const given = ctx.req.headers['audit-id'];
  const id = typeof given === 'string' && given !== '' ? given : nextId();
  ctx.state.auditId = id;
  ctx.res.setHeader('Audit-Id', id);
  return next();
};

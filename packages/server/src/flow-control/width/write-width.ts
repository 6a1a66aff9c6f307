import type { RequestInfo } from '../../filters/request-info.js';
import { ONE_SEAT, type Width } from './width.js';

/** So many watchers who are told of a write take a seat … */
const SEAT_WATCHERS = 10;
/** … for so long. */
const TELLING_MS = 5;
const MAX_SEATS = 10;

/** A write takes one seat while it is done, and more for a moment after it where many watchers are told of it. */
export function writeWidth({ resource, subresource }: RequestInfo, watchers: number, widest = MAX_SEATS): Width {
  // Tokens are not stored: nobody is told.
  if (watchers < SEAT_WATCHERS || (resource === 'serviceaccounts' && subresource === 'token')) return ONE_SEAT;
  const wanted = Math.ceil(watchers / SEAT_WATCHERS);
  const finalSeats = Math.min(wanted, widest, MAX_SEATS);
  return { seats: 1, finalSeats, finalMs: (wanted * TELLING_MS) / finalSeats };
}

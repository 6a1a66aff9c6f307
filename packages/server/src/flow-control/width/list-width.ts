import type { ListSize } from '../../dispatch/layer.js';
import type { RequestState } from '../../http/context.js';
import { ONE_SEAT, seatsWide, type Width } from './width.js';

/** What one seat writes of a list. */
const SEAT_BYTES = 100_000;
/** The widest list, where its level does not say. */
const MAX_SEATS = 100;
/** JSON is longer than protobuf. */
const JSON_GROWTH = 1.5;
/** What a selector lets through is not known before; this much of the range is assumed. */
const SELECTED_PART = 0.1;

/** A list takes seats by what it will write: `size` is what there is to list, undefined where that is not known. */
export function listWidth(state: RequestState, size: ListSize | undefined, widest = MAX_SEATS): Width {
  if (size === undefined || size.objects === 0 || state.info.name !== '') return ONE_SEAT;
  const seats = Math.ceil(bytesToWrite(state, size) / SEAT_BYTES);
  return seatsWide(Math.min(seats, widest, MAX_SEATS));
}

function bytesToWrite({ info, query, req }: RequestState, { objects, bytes, isText }: ListSize): number {
  const listed = Math.min(limitOf(query) ?? objects, objects) / objects;
  const selected = info.fieldSelector === '' && info.labelSelector === '' ? 1 : SELECTED_PART;
  const growth = isText || req.headers.accept?.includes('protobuf') ? 1 : JSON_GROWTH;
  return bytes * listed * selected * growth;
}

/** Lists of whatever is at hand come whole. */
function limitOf(query: RequestState['query']): number | undefined {
  if (!query.raw.includes('limit=') || query.get('resourceVersion') === '0') return undefined;
  const limit = Number.parseInt(query.get('limit'), 10);
  return limit > 0 ? limit : undefined;
}

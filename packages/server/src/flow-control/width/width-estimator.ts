import type { ListSize } from '../../dispatch/layer.js';
import type { RequestInfo } from '../../filters/request-info.js';
import type { RequestState } from '../../http/context.js';
import type { FlowSchema } from '../classification/flow-schema.js';
import { listWidth } from './list-width.js';
import type { WatchCounts } from './watch-counts.js';
import { ONE_SEAT, type Width } from './width.js';
import { writeWidth } from './write-width.js';

/** What a list of a request's objects would read, from memory; undefined where that is not known. */
export type SizeOfList = (info: RequestInfo) => ListSize | undefined;

const writes = new Set(['create', 'update', 'patch', 'delete']);

/** Estimates how wide requests are before they are served. */
export class WidthEstimator {
  readonly #sizeOf: SizeOfList;
  readonly #watches: WatchCounts;

  constructor(sizeOf: SizeOfList, watches: WatchCounts) {
    this.#sizeOf = sizeOf;
    this.#watches = watches;
  }

  of(state: RequestState, { level, instruments }: FlowSchema): Width {
    const { info } = state;
    if (!info.isResourceRequest || info.verb === 'get') return ONE_SEAT;
    if (info.verb === 'list' || (info.verb === 'watch' && beginsWithList(state))) return listWidth(state, this.#sizeOf(info), level.widest);
    if (!writes.has(info.verb)) return ONE_SEAT;
    const watchers = this.#watches.interestedIn(info);
    instruments.series.watchCounts.observe(watchers);
    return writeWidth(info, watchers, level.widest);
  }
}

/** Its first events are what a list would show. */
function beginsWithList({ query }: RequestState): boolean {
  if (query.has('sendInitialEvents')) return query.flag('sendInitialEvents');
  const revision = query.get('resourceVersion');
  return revision === '' || revision === '0';
}

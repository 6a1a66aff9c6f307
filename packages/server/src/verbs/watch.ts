import { type ApiError, expired, type Features, methodNotSupported } from '@keelson/machinery';
import { isStorageError, type WatchHandle, type WatchOptions } from '@keelson/storage';
import { apiErrorFromUnknown } from '../filters/api-error-from-unknown.js';
import type { KeelsonContext } from '../http/context.js';
import type { WatchInstruments } from '../metrics/requests/watch-metrics.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import { watchNegotiatorOf } from '../respond/negotiate.js';
import { objectForm } from '../respond/object-form.js';
import { negotiateObject } from '../respond/respond.js';
import { WatchStream } from '../respond/watch-stream.js';
import { isOver } from '../respond/wire.js';
import { plainRevision, type ReadOptions, readWatchOptions, validateWatchOptions } from './freshness.js';
import { parseInt64 } from './parse-int64.js';
import { selectedScope } from './selection.js';
import type { Target } from './target.js';

/** How long watches live that name no timeout: spread, so that they do not all come back at once. */
export interface WatchTimeouts {
  /** At least this, at most twice this (`--min-request-timeout`). */
  readonly minMs: number;
}

export interface WatchSettings extends WatchTimeouts {
  readonly features: Features;
  /** Where the watches of a version are counted. */
  instruments?(version: ResourceVersion): WatchInstruments;
}

/** A watch that is to end by itself bookmarks this long before: the client goes on from there without a list. */
const LAST_BOOKMARK_MS = 2000;
/** A timer set for longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** GET of a collection with `watch`: events as they happen, until the client, the timeout or the server ends it. */
export async function watch(ctx: KeelsonContext, target: Target, settings: WatchSettings): Promise<void> {
  const { query } = ctx.state;
  // As a list before it is a watch: who accepts no form of the objects hears of all that there are.
  negotiateObject(ctx, target.version.schema);
  const negotiated = watchNegotiatorOf(target.version.schema).negotiate(ctx);
  const shared = objectForm(target.version, negotiated, query.get('includeObject'));
  const form = shared.ofOneWatch?.() ?? shared;
  const options = readWatchOptions(query, settings.features);
  validateWatchOptions(options, settings.features);
  const scope = selectedScope(target, query.get('labelSelector'), query.get('fieldSelector'));
  const start = startOf(options);
  const timeoutMs = watchTimeoutMs(query.get('timeoutSeconds'), settings);
  const bookmarks = query.flag('allowWatchBookmarks');
  const stream = new WatchStream(ctx, target.version, {
    form,
    announceInitial: bookmarks && options.sendInitialEvents === true,
    toStatus: (error) => tooOld(error, target, options) ?? apiErrorFromUnknown(error, ctx.state),
    instruments: settings.instruments?.(target.version),
  });
  const handle = await target.version.resource.store.watch(
    scope.range,
    { ...start, bookmarks, ...(scope.selection && { selection: scope.selection }) },
    stream,
  );
  // Only now: what keeps a watch from being accepted is still answered with a Status.
  if (!stream.open()) return handle.stop();
  if (!('at' in start.from && start.from.at === 'initial')) ctx.state.onWatchBegun?.();
  await untilOver(ctx, stream, handle, timeoutMs, bookmarks);
}

/** The same of what can only be listed: a watch is read as a list until it begins. */
export function refuseWatch({ state: { query } }: KeelsonContext, target: Target, { features }: WatchSettings): never {
  validateWatchOptions(readWatchOptions(query, features), features);
  selectedScope(target, query.get('labelSelector'), query.get('fieldSelector'));
  throw methodNotSupported(target.version.groupResource, 'watch');
}

/** Of what is kept in a cache kube-apiserver says which revisions it still knows; of all else its store only that it does not know this one. */
function tooOld(error: unknown, { version }: Target, { resourceVersion }: ReadOptions): ApiError | undefined {
  if (!isStorageError(error, 'compacted') || error.revision === undefined) return undefined;
  if (version.resource.definition.storage.cached === false) return undefined;
  return expired(`too old resource version: ${Number(resourceVersion)} (${error.revision})`);
}

function startOf(options: ReadOptions): Pick<WatchOptions, 'from'> {
  const { resourceVersion, sendInitialEvents } = options;
  const revision = resourceVersion === '' ? 0 : plainRevision(resourceVersion);
  const freshness = resourceVersion === '' ? ({ at: 'consistent' } as const) : ({ at: 'any' } as const);
  if (sendInitialEvents === true)
    return { from: { at: 'initial', freshness: revision > 0 ? { at: 'notOlderThan', revision } : freshness } };
  if (revision > 0) return { from: { after: revision } };
  return sendInitialEvents === false ? { from: { at: 'now' } } : { from: { at: 'initial', freshness } };
}

function watchTimeoutMs(text: string, { minMs }: WatchTimeouts): number {
  const seconds = text === '' ? 0 : parseInt64(text);
  return seconds > 0 ? Math.min(seconds * 1000, LONGEST_TIMER_MS) : minMs * (1 + Math.random());
}

/** Lives until the client leaves, the store ends it, or its time is up. */
async function untilOver(
  ctx: KeelsonContext,
  stream: WatchStream,
  handle: WatchHandle,
  timeoutMs: number,
  bookmarks: boolean,
): Promise<void> {
  const { state } = ctx;
  await new Promise<void>((resolve) => {
    // The client may have left while the watch was being accepted.
    if (isOver(state)) return resolve();
    const over = () => {
      clearTimeout(timer);
      clearTimeout(farewell);
      resolve();
    };
    const timer = setTimeout(over, timeoutMs);
    const farewell = bookmarks ? lastBookmark(stream, handle, timeoutMs - LAST_BOOKMARK_MS) : undefined;
    state.res.once('close', over);
    state.onAbort(over);
  });
  handle.stop();
  stream.close();
}

function lastBookmark(stream: WatchStream, handle: WatchHandle, afterMs: number): NodeJS.Timeout | undefined {
  return afterMs > 0 ? setTimeout(() => stream.bookmark(handle.revision, false), afterMs) : undefined;
}

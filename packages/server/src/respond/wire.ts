import type { Writable } from 'node:stream';
import type { RequestState } from '../http/context.js';

/** Where the bytes of a response go. On HTTP/2 the response object does not know whether its stream is full or gone. */
export function wire({ stream, res }: RequestState): Writable {
  return stream ?? res;
}

/** True when nobody is left to write to: the reader has gone, or the request was given up. */
export function isOver(state: RequestState): boolean {
  return state.abandoned || state.aborted || wire(state).destroyed;
}

/** Resolves when `out`, by which the response leaves, can take more, or when nobody is left to write to. */
export function drained(state: RequestState, out = wire(state)): Promise<void> {
  if (!out.writableNeedDrain || isOver(state)) return Promise.resolve();
  return new Promise((resolve) => {
    const settle = () => {
      out.off('drain', settle);
      out.off('close', settle);
      state.offAbort(settle);
      resolve();
    };
    out.on('drain', settle);
    out.on('close', settle);
    state.onAbort(settle);
  });
}

import { badRequest, requestEntityTooLarge } from '@keelson/machinery';
import type { RequestState } from './context.js';

/** What a write may send: the largest object plus the overhead of a patch. */
const maxBodyBytes = 3 * 1024 * 1024;

/** The whole body of a request. Rejects with 413 beyond `limitBytes`, with the reason when the request is given up. */
export function readBody(state: RequestState, limitBytes = maxBodyBytes): Promise<Buffer> {
  const { req } = state;
  if (Number(req.headers['content-length'] ?? 0) > limitBytes) return Promise.reject(tooLarge(limitBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (): void => {
      req.off('data', onData).off('end', onEnd).off('error', fail);
      state.offAbort(onAbort);
    };
    const fail = (error: Error): void => {
      settle();
      req.pause();
      reject(error);
    };
    const onAbort = (): void => fail(state.abortReason instanceof Error ? state.abortReason : badRequest('the request was aborted'));
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limitBytes) fail(tooLarge(limitBytes));
      else chunks.push(chunk);
    };
    const onEnd = (): void => {
      settle();
      state.bodyBytes = length;
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length));
    };
    if (state.aborted) {
      onAbort();
      return;
    }
    state.onAbort(onAbort);
    req.on('data', onData).on('end', onEnd).on('error', fail);
  });
}

function tooLarge(limitBytes: number): Error {
  return requestEntityTooLarge(`limit is ${limitBytes}`);
}

import { describe, expect, it, vi } from 'vitest';
import { ApiError, badRequest } from '../errors/api-error.js';
import { RemoteError } from './remote-error.js';
import { isTransient, retry } from './retry.js';

const pauses = vi.hoisted((): number[] => []);

/** Nobody really waits. */
vi.mock('node:timers/promises', () => ({
  setTimeout: async (ms: number, _: undefined, options?: { readonly signal?: AbortSignal }) => {
    options?.signal?.throwIfAborted();
    pauses.push(ms);
  },
}));

const backoff = { attempts: 3, firstPauseMs: 1, factor: 2, jitter: 0.5 };

function failing(times: number, error: unknown) {
  let made = 0;
  return {
    attempt: async () => {
      made++;
      if (made <= times) throw error;
      return made;
    },
    made: () => made,
  };
}

describe('retry', () => {
  it('tries again what may pass', async () => {
    expect(await retry(failing(2, new ApiError(500, 'InternalError', 'x')).attempt, backoff)).toBe(3);
  });

  it('gives up after so many attempts, with the last failure', async () => {
    const error = new ApiError(504, 'Timeout', 'x');
    const { attempt, made } = failing(5, error);
    await expect(retry(attempt, backoff)).rejects.toBe(error);
    expect(made()).toBe(3);
  });

  it('waits longer each time, whatever it is told', async () => {
    pauses.length = 0;
    const steady = { ...backoff, firstPauseMs: 100, jitter: 0 };
    await retry(failing(2, new ApiError(500, 'InternalError', 'x')).attempt, steady);
    await retry(failing(1, new ApiError(503, 'ServiceUnavailable', 'x', { retryAfterSeconds: 7 })).attempt, steady);
    expect(pauses).toEqual([100, 200, 100]);
  });

  it('gives up when it is ended', async () => {
    const error = new ApiError(500, 'InternalError', 'x');
    const { attempt, made } = failing(5, error);
    await expect(retry(attempt, backoff, { signal: AbortSignal.abort() })).rejects.toBe(error);
    expect(made()).toBe(1);
  });

  it('gives up at once what will stay', async () => {
    const { attempt, made } = failing(5, badRequest('x'));
    await expect(retry(attempt, backoff)).rejects.toThrow('x');
    expect(made()).toBe(1);
  });
});

it.each<[unknown, boolean]>([
  [new RemoteError('POST', 'https://x', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }), false), true],
  [new RemoteError('POST', 'https://x', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), false), false],
  [new RemoteError('POST', 'https://x', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), false), false],
  [new RemoteError('POST', 'https://x', new Error('slow'), true), false],
  [new ApiError(500, 'InternalError', 'x'), true],
  [new ApiError(429, 'TooManyRequests', 'x'), true],
  [new ApiError(504, 'Timeout', 'x'), true],
  [new ApiError(503, 'ServiceUnavailable', 'x'), false],
  [new ApiError(503, 'ServiceUnavailable', 'x', { retryAfterSeconds: 1 }), true],
  [new ApiError(403, 'Forbidden', 'x'), false],
  [new Error('x'), false],
])('%s may pass: %s', (error, expected) => {
  expect(isTransient(error)).toBe(expected);
});

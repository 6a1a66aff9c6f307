import { describe, expect, it } from 'vitest';
import { ApiError, badRequest } from '../errors/api-error.js';
import { RemoteError } from './remote-error.js';
import { isTransient, retry } from './retry.js';

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

  it('gives up at once what will stay', async () => {
    const { attempt, made } = failing(5, badRequest('x'));
    await expect(retry(attempt, backoff)).rejects.toThrow('x');
    expect(made()).toBe(1);
  });
});

it.each<[unknown, boolean]>([
  [new RemoteError('POST', 'https://x', Object.assign(new Error('reset'), { code: 'ECONNRESET' }), false), true],
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

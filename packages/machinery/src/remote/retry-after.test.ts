import { describe, expect, it } from 'vitest';
import type { RemoteAnswer } from './remote-server.js';
import { askPatiently } from './retry-after.js';

const answer = (code: number, retryAfter?: string): RemoteAnswer => ({
  code,
  headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  body: Buffer.from(''),
});

/** Codes of what is answered in the end, and how often it was asked. */
async function asked(answers: (at: number) => RemoteAnswer, timeoutMs = 60_000): Promise<[code: number, attempts: number]> {
  let attempts = 0;
  const { code } = await askPatiently(async () => answers(attempts++), { timeoutMs });
  return [code, attempts];
}

describe('askPatiently', () => {
  it.each<[number, string | undefined, number]>([
    [429, '0', 11],
    [500, '0', 11],
    [503, '0', 11],
    [503, undefined, 1],
    [503, 'Wed, 21 Oct 2015 07:28:00 GMT', 1],
    [403, '0', 1],
    [200, '0', 1],
  ])('asks who answers %s, to be asked again after %s, %s times', async (code, retryAfter, attempts) => {
    expect(await asked(() => answer(code, retryAfter))).toEqual([code, attempts]);
  });

  it('takes the first answer that is one', async () => {
    expect(await asked((at) => (at < 2 ? answer(503, '0') : answer(200)))).toEqual([200, 3]);
  });

  it('lets the attempt say that time has passed', async () => {
    const left: number[] = [];
    const attempt = async (leftMs: number) => {
      left.push(leftMs);
      if (leftMs === 0) throw new Error('late');
      return answer(503, '9');
    };
    await expect(askPatiently(attempt, { timeoutMs: 20 })).rejects.toThrow('late');
    expect(left).toEqual([20, 0]);
  });

  it('lets the attempt say that nobody waits any more', async () => {
    const gone = AbortSignal.abort();
    const attempt = async () => {
      if (attempts++ > 0) gone.throwIfAborted();
      return answer(503, '9');
    };
    let attempts = 0;
    await expect(askPatiently(attempt, { timeoutMs: 60_000, signal: gone })).rejects.toThrow(gone.reason);
    expect(attempts).toBe(2);
  });
});

import type { AuthenticationOutcome, AuthenticationResult } from '@keelson/machinery';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CachedTokenAuthenticator, type TokenCacheOptions } from './cached-token-authenticator.js';

const alice: AuthenticationResult = { user: { name: 'alice', groups: [] } };
let asked: string[];

beforeEach(() => {
  asked = [];
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => vi.useRealTimers());

function cache(answer: (token: string) => AuthenticationOutcome, options: Partial<TokenCacheOptions> = {}): CachedTokenAuthenticator {
  const authenticateToken = (token: string, audiences: readonly string[]) => {
    asked.push([token, ...audiences].join());
    return answer(token);
  };
  return new CachedTokenAuthenticator({ authenticateToken }, { successTtlMs: 10_000, unknownTtlMs: 0, ...options });
}

describe('whose a token is', () => {
  it.each<[string, (token: string) => AuthenticationOutcome]>([
    ['at once', () => alice],
    ['later', async () => alice],
  ])('is asked once in ten seconds, told %s', async (_, answer) => {
    const tokens = cache(answer);
    const begunAtMs = performance.now();
    const first = await tokens.authenticateToken('t', []);
    expect(first).toEqual({ ...alice, freshUntilMs: begunAtMs + 10_000 });
    vi.advanceTimersByTime(9_999);
    expect(tokens.authenticateToken('t', [])).toBe(first);
    expect(asked).toEqual(['t']);
    vi.advanceTimersByTime(1);
    expect(await tokens.authenticateToken('t', [])).toEqual({ ...alice, freshUntilMs: begunAtMs + 20_000 });
    expect(asked).toEqual(['t', 't']);
  });

  it('is asked for each list of audiences', () => {
    const tokens = cache(() => alice);
    const lists = [[], ['a'], ['a', 'b'], ['a,b'], ['1:a'], ['b', 'a']];
    for (const audiences of [...lists, ...lists]) tokens.authenticateToken('t', audiences);
    tokens.authenticateToken('t1:a', []);
    expect(asked).toEqual(['t', 't,a', 't,a,b', 't,a,b', 't,1:a', 't,b,a', 't1:a']);
  });

  it('is asked once by those who ask at the same time', async () => {
    let tell: (result: AuthenticationResult) => void = () => undefined;
    const tokens = cache(() => new Promise((resolve) => (tell = resolve)));
    const answers = [1, 2, 3].map(() => tokens.authenticateToken('t', []));
    tell(alice);
    expect((await Promise.all(answers)).map((answer) => answer?.user)).toEqual([alice.user, alice.user, alice.user]);
    expect(asked).toEqual(['t']);
  });
});

describe('that a token is unknown', () => {
  it('is not kept unless told to', async () => {
    const forgetful = cache(async () => undefined);
    for (const _ of [1, 2]) expect(await forgetful.authenticateToken('t', [])).toBeUndefined();
    expect(asked).toEqual(['t', 't']);
    const keeping = cache(async () => undefined, { unknownTtlMs: 5_000 });
    for (const _ of [1, 2]) expect(await keeping.authenticateToken('u', [])).toBeUndefined();
    vi.advanceTimersByTime(5_000);
    expect(await keeping.authenticateToken('u', [])).toBeUndefined();
    expect(asked).toEqual(['t', 't', 'u', 'u']);
  });
});

describe('failures', () => {
  it.each<[string, () => AuthenticationOutcome]>([
    [
      'at once',
      () => {
        throw new Error('bad');
      },
    ],
    ['later', async () => Promise.reject(new Error('bad'))],
  ])('%s are told to everybody who waits and not kept', async (_, answer) => {
    const tokens = cache(answer, { unknownTtlMs: 5_000 });
    const ask = async () => tokens.authenticateToken('t', []);
    const both = await Promise.allSettled([ask(), ask()]);
    expect(both.map((one) => one.status === 'rejected' && one.reason)).toEqual([new Error('bad'), new Error('bad')]);
    const before = asked.length;
    await expect(ask()).rejects.toThrow('bad');
    expect(asked.length).toBe(before + 1);
  });
});

it('holds so many and no more, the latest', () => {
  const tokens = cache(() => alice, { maxEntries: 2 });
  for (const token of ['a', 'b', 'c', 'b', 'c', 'a']) tokens.authenticateToken(token, []);
  expect(asked).toEqual(['a', 'b', 'c', 'a']);
});

it('tells what it does', async () => {
  const told: unknown[] = [];
  const observer = {
    onRequest: (hit: boolean) => told.push(['request', hit]),
    onFetch: (ok: boolean) => told.push(['fetch', ok]),
    onActive: (what: string, change: number) => told.push([what, change]),
  };
  const tokens = cache(async (token) => (token === 't' ? alice : Promise.reject(new Error('bad'))), { observer });
  await tokens.authenticateToken('t', []);
  await tokens.authenticateToken('t', []);
  await expect(tokens.authenticateToken('u', [])).rejects.toThrow('bad');
  const waited = (ok: boolean) => [
    ['in_flight', 1],
    ['blocked', 1],
    ['in_flight', -1],
    ['fetch', ok],
    ['blocked', -1],
    ['request', false],
  ];
  expect(told).toEqual([...waited(true), ['request', true], ...waited(false)]);
});

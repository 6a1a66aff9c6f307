import type { IncomingMessage } from 'node:http';
import type { AuthenticationOutcome, AuthenticationRequest } from '@keelson/machinery';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ConnectionMemory } from './connection-memory.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

const connection = () => ({ getPeerX509Certificate: () => undefined });

/** The memory of an authenticator whose users are named after what they show; and what it was asked. */
function memory(outcomeOf: (name: string) => AuthenticationOutcome) {
  const asked: string[] = [];
  const tokens = new ConnectionMemory({
    authenticate: ({ headers: { authorization = 'nothing' } }: AuthenticationRequest) => {
      asked.push(authorization);
      return outcomeOf(authorization);
    },
  });
  const userOf = async (socket: unknown, authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization };
    return (await tokens.authenticate({ socket, headers } as IncomingMessage))?.user.name;
  };
  return { asked, userOf };
}

const fresh = (name: string) => ({ user: { name, groups: [] }, freshUntilMs: performance.now() + 1000 });

it.each<[string, (name: string) => AuthenticationOutcome]>([
  ['at once', fresh],
  ['later', async (name) => fresh(name)],
])('asks once for what a connection goes on to show, told %s', async (_, outcomeOf) => {
  const { asked, userOf } = memory(outcomeOf);
  const [one, other] = [connection(), connection()];
  for (const _round of [1, 2]) expect(await userOf(one, 'Bearer a')).toBe('Bearer a');
  expect(asked).toEqual(['Bearer a']);
  expect([await userOf(other, 'Bearer a'), await userOf(other, 'Bearer a')]).toEqual(['Bearer a', 'Bearer a']);
  expect(asked).toEqual(['Bearer a', 'Bearer a']);
});

it('knows nobody by what another has shown on the connection', async () => {
  const { asked, userOf } = memory(fresh);
  const one = connection();
  const shown = ['Bearer a', 'Bearer b', 'Bearer a', undefined, 'Bearer a'];
  const users: unknown[] = [];
  for (const authorization of shown) users.push(await userOf(one, authorization));
  expect(users).toEqual(['Bearer a', 'Bearer b', 'Bearer a', 'nothing', 'Bearer a']);
  expect(asked).toEqual(['Bearer a', 'Bearer b', 'Bearer a', 'nothing']);
});

it('asks again when the answer is not fresh any more', async () => {
  const { asked, userOf } = memory(fresh);
  const one = connection();
  await userOf(one, 'Bearer a');
  vi.advanceTimersByTime(999);
  await userOf(one, 'Bearer a');
  expect(asked.length).toBe(1);
  vi.advanceTimersByTime(1);
  await userOf(one, 'Bearer a');
  expect(asked.length).toBe(2);
});

it.each<[string, (name: string) => AuthenticationOutcome]>([
  ['a result that does not say how long it is good for', (name) => ({ user: { name, groups: [] } })],
  ['nobody', () => undefined],
])('does not keep %s', async (_, outcomeOf) => {
  const { asked, userOf } = memory(outcomeOf);
  const one = connection();
  await userOf(one, 'Bearer a');
  await userOf(one, 'Bearer a');
  expect(asked.length).toBe(2);
});

it('keeps no failure, and nothing of connections that it cannot tell apart', async () => {
  const failing = memory(() => {
    throw new Error('bad');
  });
  const one = connection();
  for (const _round of [1, 2]) await expect(failing.userOf(one, 'Bearer a')).rejects.toThrow('bad');
  expect(failing.asked.length).toBe(2);
  const plain = memory(fresh);
  for (const _round of [1, 2]) await plain.userOf({}, 'Bearer a');
  expect(plain.asked.length).toBe(2);
});

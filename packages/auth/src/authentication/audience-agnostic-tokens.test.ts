import type { AuthenticationResult } from '@keelson/machinery';
import { expect, it } from 'vitest';
import { AudienceAgnosticTokens } from './audience-agnostic-tokens.js';

const result: AuthenticationResult = { user: { name: 'alice', groups: [] } };
const api = ['api', 'api2'];
const now = new AudienceAgnosticTokens({ authenticateToken: (token) => (token === 't' ? result : undefined) }, api);
const later = new AudienceAgnosticTokens({ authenticateToken: async (token) => (token === 't' ? result : undefined) }, api);

it.each<[string[], readonly string[] | undefined]>([
  [api, api],
  [['api2', 'vault'], ['api2']],
  [['vault'], undefined],
])('for %j', async (wanted, meantFor) => {
  const expected = meantFor && { ...result, audiences: meantFor };
  expect(now.authenticateToken('t', wanted)).toEqual(expected);
  expect(await later.authenticateToken('t', wanted)).toEqual(expected);
});

it('says nothing of audiences when nobody asks', () => {
  expect(now.authenticateToken('t', [])).toBe(result);
});

it('does not know unknown tokens', async () => {
  expect(now.authenticateToken('x', api)).toBeUndefined();
  expect(await later.authenticateToken('x', api)).toBeUndefined();
});

it('gives requests the same result each time', () => {
  expect(now.authenticateToken('t', api)).toBe(now.authenticateToken('t', api));
});

it('takes no audience for its own where the API has none', () => {
  expect(new AudienceAgnosticTokens({ authenticateToken: () => result }, []).authenticateToken('t', ['vault'])).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import { StaticTokenAuthenticator } from './static-tokens.js';

function load(csv: string): { tokens: StaticTokenAuthenticator; warnings: string[] } {
  const warnings: string[] = [];
  return { tokens: StaticTokenAuthenticator.fromCsv(csv, 'tokens.csv', (text) => warnings.push(text)), warnings };
}

describe('a token file', () => {
  it('names users, uids and groups', () => {
    const { tokens, warnings } = load('t1,admin,admin-uid,system:masters\nt2,alice,alice-uid,"devs,ops"\r\n\n"t,3","bo""b",\n');
    expect(tokens.authenticateToken('t1')?.user).toEqual({ name: 'admin', uid: 'admin-uid', groups: ['system:masters'] });
    expect(tokens.authenticateToken('t2')?.user).toEqual({ name: 'alice', uid: 'alice-uid', groups: ['devs', 'ops'] });
    expect(tokens.authenticateToken('t,3')?.user).toEqual({ name: 'bo"b', groups: [] });
    expect(warnings).toEqual([]);
  });

  it('knows no other tokens', () => {
    const { tokens } = load('t1,admin,uid\n');
    expect(tokens.authenticateToken('t')).toBeUndefined();
    expect(tokens.authenticateToken('')).toBeUndefined();
  });

  it('hands out the same result each time', () => {
    const { tokens } = load('t1,admin,uid');
    expect(tokens.authenticateToken('t1')).toBe(tokens.authenticateToken('t1'));
  });

  it('warns of duplicate and empty tokens; the last duplicate counts', () => {
    const { tokens, warnings } = load('t1,a,1\nt1,b,2\n,c,3\n');
    expect(tokens.authenticateToken('t1')?.user.name).toBe('b');
    expect(tokens.authenticateToken('')).toBeUndefined();
    expect(warnings).toEqual([
      "duplicate token has been found in token file 'tokens.csv', record number '2'",
      "empty token has been found in token file 'tokens.csv', record number '3'",
    ]);
  });

  it('is refused when a record is too short or not CSV', () => {
    expect(() => load('t1,admin\n')).toThrow("token file 'tokens.csv' must have at least 3 columns (token, user name, user uid), found 2");
    expect(() => load('t1,admin,uid\nt2,"a"b,uid\n')).toThrow('record 2: a quote is out of place');
    expect(() => StaticTokenAuthenticator.fromFile('/nonexistent/tokens.csv', () => undefined)).toThrow('ENOENT');
  });
});

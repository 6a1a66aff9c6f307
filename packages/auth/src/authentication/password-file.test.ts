import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { PasswordFileAuthenticator } from './password-file.js';

const warnings: string[] = [];
const csv = `secret,alice,alice-uid,"devs,ops"\np:w d,bob,\nпароль,вера,3\nfirst,twice,1\nsecond,twice,2\n`;
const passwords = PasswordFileAuthenticator.fromCsv(csv, 'passwords.csv', (text) => warnings.push(text));

const request = (authorization?: string) =>
  Object.assign(new IncomingMessage(new Socket()), { headers: authorization === undefined ? {} : { authorization } });
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('PasswordFileAuthenticator', () => {
  it.each([
    ['alice:secret', { name: 'alice', uid: 'alice-uid', groups: ['devs', 'ops'] }],
    ['bob:p:w d', { name: 'bob', groups: [] }],
    ['вера:пароль', { name: 'вера', uid: '3', groups: [] }],
    ['twice:second', { name: 'twice', uid: '2', groups: [] }],
  ])('knows %s', (text, user) => {
    expect(passwords.authenticate(request(basic(text)))).toEqual({ user });
  });

  it('takes the scheme in any case', () => {
    expect(passwords.authenticate(request(basic('bob:p:w d').replace('Basic', 'bAsIc')))).toEqual({ user: { name: 'bob', groups: [] } });
  });

  it.each(['alice:', 'alice:Secret', 'alice:secret1', 'eve:secret', ':', 'twice:first'])('refuses %j', (text) => {
    expect(() => passwords.authenticate(request(basic(text)))).toThrow(new Error('invalid username/password combination'));
  });

  it.each([undefined, '', 'Bearer t', 'Basic', 'Basic !', `Basic ${Buffer.from('alice').toString('base64')}`])(
    'finds none in %j',
    (header) => {
      expect(passwords.authenticate(request(header))).toBeUndefined();
    },
  );

  it('warns of names that come twice, and needs three columns', () => {
    expect(warnings).toEqual(["duplicate username 'twice' has been found in password file 'passwords.csv', record number '5'"]);
    expect(() => PasswordFileAuthenticator.fromCsv('a,b\n', 'f', fail)).toThrow(
      new Error("password file 'f' must have at least 3 columns (password, user name, user uid), found 2"),
    );
  });
});

function fail(text: string): void {
  throw new Error(text);
}

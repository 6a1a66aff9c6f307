import { timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AuthenticationRequest, AuthenticationResult, Authenticator } from '@keelson/machinery';
import { credentialRecords } from './credential-records.js';
import type { Warn } from './static-tokens.js';

interface Account {
  readonly password: Buffer;
  readonly result: AuthenticationResult;
}

/**
 * The passwords of `--basic-auth-file`, for HTTP basic authentication (RFC 7617): read once, valid until the server ends.
 * Kubernetes had it until v1.18.
 */
export class PasswordFileAuthenticator implements Authenticator {
  readonly #accounts: ReadonlyMap<string, Account>;

  private constructor(accounts: ReadonlyMap<string, Account>) {
    this.#accounts = accounts;
  }

  /** Reads the file. Throws when it cannot be read or a record is too short. */
  static fromFile(file: string, warn: Warn): PasswordFileAuthenticator {
    return PasswordFileAuthenticator.fromCsv(readFileSync(file, 'utf8'), file, warn);
  }

  /** Records are `password,user,uid` and optionally `"group1,group2"`; `file` names them in messages. */
  static fromCsv(csv: string, file: string, warn: Warn): PasswordFileAuthenticator {
    const accounts = new Map<string, Account>();
    for (const { secret, result, number } of credentialRecords(csv, 'password', file)) {
      const { name } = result.user;
      if (accounts.has(name)) warn(`duplicate username '${name}' has been found in password file '${file}', record number '${number}'`);
      accounts.set(name, { password: Buffer.from(secret), result });
    }
    return new PasswordFileAuthenticator(accounts);
  }

  authenticate({ headers }: AuthenticationRequest): AuthenticationResult | undefined {
    const credentials = basicCredentials(headers.authorization);
    if (credentials === undefined) return undefined;
    const account = this.#accounts.get(credentials.name);
    if (account === undefined || !isSame(account.password, credentials.password)) throw new Error('invalid username/password combination');
    return account.result;
  }
}

function basicCredentials(authorization = ''): { readonly name: string; readonly password: Buffer } | undefined {
  const [, encoded] = /^basic ([A-Za-z0-9+/]+={0,2})$/i.exec(authorization) ?? [];
  const [, name, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  return name === undefined || password === undefined ? undefined : { name, password: Buffer.from(password) };
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

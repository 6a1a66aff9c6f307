import { readFileSync } from 'node:fs';
import type { AuthenticationResult, TokenAuthenticator } from '@keelson/machinery';
import { credentialRecords } from './credential-records.js';

/** Told of records that are of no use. */
export type Warn = (text: string) => void;

/** The tokens of `--token-auth-file`: read once, valid until the server ends. */
export class StaticTokenAuthenticator implements TokenAuthenticator {
  /** Found by a hash whose seed is this process's own: how long a look-up takes says nothing about the tokens. */
  readonly #results: ReadonlyMap<string, AuthenticationResult>;

  private constructor(results: ReadonlyMap<string, AuthenticationResult>) {
    this.#results = results;
  }

  /** Reads the file. Throws when it cannot be read or a record is too short. */
  static fromFile(file: string, warn: Warn): StaticTokenAuthenticator {
    return StaticTokenAuthenticator.fromCsv(readFileSync(file, 'utf8'), file, warn);
  }

  /** Records are `token,user,uid` and optionally `"group1,group2"`; `file` names them in messages. */
  static fromCsv(csv: string, file: string, warn: Warn): StaticTokenAuthenticator {
    const results = new Map<string, AuthenticationResult>();
    for (const { secret: token, result, number } of credentialRecords(csv, 'token', file)) {
      if (token === '') {
        warn(`empty token has been found in token file '${file}', record number '${number}'`);
        continue;
      }
      if (results.has(token)) warn(`duplicate token has been found in token file '${file}', record number '${number}'`);
      results.set(token, { ...result, freshUntilMs: Number.POSITIVE_INFINITY });
    }
    return new StaticTokenAuthenticator(results);
  }

  authenticateToken(token: string): AuthenticationResult | undefined {
    return this.#results.get(token);
  }
}

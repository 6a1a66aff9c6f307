import type { AuthenticationResult } from '@keelson/machinery';
import { parseCsv } from './csv.js';

/** A line of a file of credentials: `secret,user,uid` and optionally `"group1,group2"`. */
export interface CredentialRecord {
  readonly secret: string;
  readonly result: AuthenticationResult;
  /** From 1. */
  readonly number: number;
}

/** `kind` is what the secrets are; `file` is named in messages. Throws when a record is too short. */
export function* credentialRecords(csv: string, kind: 'token' | 'password', file: string): Iterable<CredentialRecord> {
  for (const [i, record] of parseCsv(csv).entries()) {
    const [secret = '', name = '', uid, groups = ''] = record;
    if (uid === undefined) {
      throw new Error(`${kind} file '${file}' must have at least 3 columns (${kind}, user name, user uid), found ${record.length}`);
    }
    const user = { name, ...(uid !== '' && { uid }), groups: groups === '' ? [] : groups.split(',') };
    yield { secret, result: { user }, number: i + 1 };
  }
}

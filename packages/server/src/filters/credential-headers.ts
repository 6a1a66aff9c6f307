import type { IncomingMessage } from 'node:http';
import { removeHeaders } from './remove-headers.js';

/** Headers that tell who the client is, by exact lower-case name or by prefix. */
export interface CredentialHeaders {
  readonly names: readonly string[];
  readonly prefixes: readonly string[];
}

/** What a front proxy says about its user, whatever this server's own `--requestheader-*` names are, and bearer tokens. */
export const standardCredentialHeaders: CredentialHeaders = {
  names: ['authorization', 'x-remote-user', 'x-remote-uid', 'x-remote-group'],
  prefixes: ['x-remote-extra-'],
};

/**
 * Returns the function that removes credentials from a request once they have been judged, so that nothing behind
 * authentication can log, forward or trust them.
 */
export function credentialRemover({ names, prefixes }: CredentialHeaders): (req: IncomingMessage) => void {
  const exact = new Set(names);
  const isCredential = (name: string): boolean => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
  return (req) => removeHeaders(req, isCredential);
}

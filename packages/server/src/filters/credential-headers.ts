import type { IncomingMessage } from 'node:http';

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
  return (req) => {
    let found = false;
    for (const name in req.headers) {
      if (!isCredential(name)) continue;
      found = true;
      delete req.headers[name];
    }
    if (found) removeRaw(req.rawHeaders, isCredential);
  };
}

/** In place: names at even positions, each followed by its value. */
function removeRaw(raw: string[], isCredential: (name: string) => boolean): void {
  let kept = 0;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string;
    if (isCredential(name.toLowerCase())) continue;
    raw[kept++] = name;
    raw[kept++] = raw[at + 1] as string;
  }
  raw.length = kept;
}

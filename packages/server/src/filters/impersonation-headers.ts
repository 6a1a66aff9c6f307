import type { IncomingMessage } from 'node:http';

/** Whom a request wants to be taken for. */
export interface WantedIdentity {
  user: string;
  uid: string;
  readonly groups: string[];
  /** By lower-case key. */
  readonly extra: Map<string, string[]>;
}

const PREFIX = 'impersonate-';
const EXTRA_PREFIX = 'impersonate-extra-';

/** True for nearly no request: nothing is read or made for the others. */
export function impersonates({ headers }: IncomingMessage): boolean {
  for (const name in headers) if (name.startsWith(PREFIX)) return true;
  return false;
}

/** Takes the Impersonate-* headers off a request. Names of groups may hold commas, so every header is read on its own. */
export function takeIdentity({ headers, rawHeaders }: IncomingMessage): WantedIdentity {
  const wanted: WantedIdentity = { user: '', uid: '', groups: [], extra: new Map() };
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    const name = (rawHeaders[at] as string).toLowerCase();
    if (!name.startsWith(PREFIX)) continue;
    read(wanted, name, rawHeaders[at + 1] as string);
    rawHeaders.splice(at, 2);
  }
  for (const name in headers) if (name.startsWith(PREFIX)) delete headers[name];
  wanted.groups.reverse();
  for (const values of wanted.extra.values()) values.reverse();
  return wanted;
}

/** Headers are read from the last to the first, so the first of a name wins. */
function read(wanted: WantedIdentity, name: string, value: string): void {
  if (name === 'impersonate-user') wanted.user = value;
  else if (name === 'impersonate-uid') wanted.uid = value;
  else if (name === 'impersonate-group') wanted.groups.push(value);
  else if (name.startsWith(EXTRA_PREFIX)) {
    const key = unescapeKey(name.slice(EXTRA_PREFIX.length));
    wanted.extra.set(key, [...(wanted.extra.get(key) ?? []), value]);
  }
}

/** Keys may hold what header names may not, as percent escapes; what cannot be unescaped is taken as it is. */
function unescapeKey(key: string): string {
  try {
    return decodeURIComponent(key).toLowerCase();
  } catch {
    return key;
  }
}

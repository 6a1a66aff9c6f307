import type { IncomingMessage } from 'node:http';
import { sentHeaders, unescapeExtraKey } from '@keelson/machinery';
import { removeHeaders } from './remove-headers.js';

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
export function takeIdentity(request: IncomingMessage): WantedIdentity {
  const wanted: WantedIdentity = { user: '', uid: '', groups: [], extra: new Map() };
  for (const [name, value] of sentHeaders(request)) if (name.startsWith(PREFIX)) read(wanted, name, value);
  removeHeaders(request, (name) => name.startsWith(PREFIX));
  return wanted;
}

/** Of what there can be one, the first counts. */
function read(wanted: WantedIdentity, name: string, value: string): void {
  if (name === 'impersonate-user') wanted.user ||= value;
  else if (name === 'impersonate-uid') wanted.uid ||= value;
  else if (name === 'impersonate-group') wanted.groups.push(value);
  else if (name.startsWith(EXTRA_PREFIX)) {
    const key = unescapeExtraKey(name.slice(EXTRA_PREFIX.length));
    const values = wanted.extra.get(key);
    if (values === undefined) wanted.extra.set(key, [value]);
    else values.push(value);
  }
}

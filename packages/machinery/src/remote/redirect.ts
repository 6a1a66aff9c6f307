import { quote } from '../quote.js';
import type { RemoteAnswer } from './remote-server.js';

/** What is sent on the way to an answer: first what was asked, then wherever other servers point. */
export interface Hop {
  /** Absolute. */
  readonly url: string;
  readonly method: string;
  readonly body: string | Buffer | undefined;
  /** Where it was pointed from, unless that is none of the other's business. */
  readonly referer?: string;
}

/** What Go's HTTP client sends at most for one request. */
export const MOST_HOPS = 10;

/** Redirects by which the same is asked elsewhere; after the others it is read what is there. */
const SAME_REQUEST: ReadonlySet<number> = new Set([307, 308]);
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, ...SAME_REQUEST]);

/** Where an answer points, which is none that does so when it does not say where. */
export function locationOf({ code, headers }: RemoteAnswer): string | undefined {
  return REDIRECTS.has(code) && headers.location ? headers.location : undefined;
}

/** What to send there. Throws when one cannot get there. */
export function redirected({ url, method, body }: Hop, location: string, code: number): Hop {
  if (!URL.canParse(location, url)) throw new Error(`failed to parse Location header ${quote(location)}`);
  const next = new URL(location, url);
  if (!/^https?:$/.test(next.protocol)) throw new Error(`unsupported protocol scheme ${quote(next.protocol.slice(0, -1))}`);
  const isDowngrade = url.startsWith('https:') && next.protocol === 'http:';
  const same = SAME_REQUEST.has(code) || method === 'HEAD';
  return {
    url: next.href,
    method: same ? method : 'GET',
    body: same ? body : undefined,
    ...(!isDowngrade && { referer: url }),
  };
}

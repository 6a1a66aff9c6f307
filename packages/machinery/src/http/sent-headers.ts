import type { IncomingMessage } from 'node:http';

/**
 * The headers of a request one by one in their order, names in lower case. `IncomingMessage.headers` has those that come
 * several times in one piece, and takes for Latin-1 what clients send as UTF-8.
 */
export function* sentHeaders({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): Iterable<readonly [name: string, value: string]> {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    yield [(rawHeaders[at] as string).toLowerCase(), utf8(rawHeaders[at + 1] as string)];
  }
}

function utf8(value: string): string {
  return /[\x80-\xff]/.test(value) ? Buffer.from(value, 'latin1').toString() : value;
}

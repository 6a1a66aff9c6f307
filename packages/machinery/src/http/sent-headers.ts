import type { IncomingMessage } from 'node:http';

/**
 * The headers of a request one by one in their order, names in lower case. `IncomingMessage.headers` has those that come
 * several times in one piece.
 */
export function* sentHeaders({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): Iterable<readonly [name: string, value: string]> {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    yield [(rawHeaders[at] as string).toLowerCase(), headerText(rawHeaders[at + 1] as string)];
  }
}

/** A header's value as it was meant: clients send UTF-8, and Node makes a character of each byte. */
export function headerText(value: string): string {
  return /[\x80-\xff]/.test(value) ? Buffer.from(value, 'latin1').toString() : value;
}

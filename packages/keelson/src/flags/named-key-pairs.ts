import type { FlagType } from './flag-type.js';

/** A certificate and its key for clients that ask for certain names. */
export interface NamedKeyPair {
  readonly certFile: string;
  readonly keyFile: string;
  /** None: the names that the certificate is for. */
  readonly names: readonly string[];
}

/** `cert,key[:name,...]`, repeatable. */
export const namedKeyPairs: FlagType<readonly NamedKeyPair[]> = {
  label: 'namedCertKey',
  parse: (text, previous) => [...(previous ?? []), parseNamedKeyPair(text)],
  format: (pairs) =>
    `[${pairs.map(({ certFile, keyFile, names }) => `${certFile},${keyFile}${names.length > 0 ? `:${names}` : ''}`).join(';')}]`,
};

function parseNamedKeyPair(text: string): NamedKeyPair {
  const colon = text.indexOf(':');
  const names = colon < 0 ? undefined : text.slice(colon + 1).trim();
  if (names === '') throw new Error('empty names list is not allowed');
  const [certFile, keyFile, ...more] = (colon < 0 ? text : text.slice(0, colon)).trim().split(',');
  if (certFile === undefined || keyFile === undefined || more.length > 0) {
    throw new Error('expected comma separated certificate and key file paths');
  }
  return { certFile, keyFile, names: names?.split(',').map((name) => name.trim()) ?? [] };
}

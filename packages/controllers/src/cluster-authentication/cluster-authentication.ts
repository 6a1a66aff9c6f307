import type { X509Certificate } from 'node:crypto';
import { pemCertificates } from '@keelson/machinery';

/** How a front proxy is known, and the headers it tells users by. */
export interface FrontProxyAuthentication {
  /** PEM. */
  readonly authorities: string;
  readonly allowedNames: readonly string[];
  readonly usernameHeaders: readonly string[];
  readonly uidHeaders: readonly string[];
  readonly groupHeaders: readonly string[];
  readonly extraHeaderPrefixes: readonly string[];
}

/** How an API server knows users, as far as other API servers of the cluster should know them the same way. */
export interface ClusterAuthentication {
  /** PEM: authorities of client certificates. */
  readonly clientAuthorities?: string;
  readonly frontProxy?: FrontProxyAuthentication;
}

/** Data of the ConfigMap by key. */
type Data = Readonly<Record<string, string>>;

const listKeys = {
  allowedNames: 'requestheader-allowed-names',
  usernameHeaders: 'requestheader-username-headers',
  uidHeaders: 'requestheader-uid-headers',
  groupHeaders: 'requestheader-group-headers',
  extraHeaderPrefixes: 'requestheader-extra-headers-prefix',
} as const;
const clientAuthoritiesKey = 'client-ca-file';
const frontProxyAuthoritiesKey = 'requestheader-client-ca-file';

/** Certificates that ended this long ago are still published: clocks differ. */
const EXPIRY_SLACK_MS = 5 * 60_000;

/**
 * What is to be published: what others have published and this server's own, for servers of other configurations may serve
 * the same cluster. Expired certificates and keys of other meaning are left out. Throws when what is there cannot be read.
 */
export function combinedWith(published: Data, own: ClusterAuthentication): Record<string, string> {
  const data: Record<string, string> = {};
  const clientAuthorities = combinedCertificates(published[clientAuthoritiesKey], own.clientAuthorities);
  if (clientAuthorities !== '') data[clientAuthoritiesKey] = clientAuthorities;
  const lists = Object.entries(listKeys).map(
    ([name, key]) => [key, combinedList(published[key], own.frontProxy?.[name as keyof typeof listKeys])] as const,
  );
  const frontProxyAuthorities = combinedCertificates(published[frontProxyAuthoritiesKey], own.frontProxy?.authorities);
  if (frontProxyAuthorities === '') return data;
  data[frontProxyAuthoritiesKey] = frontProxyAuthorities;
  for (const [key, values] of lists) if (values.length > 0 || key !== listKeys.uidHeaders) data[key] = JSON.stringify(values);
  return data;
}

/** What is published, for servers that know users by it. Throws when it cannot be read. */
export function publishedAuthentication(data: Data): ClusterAuthentication {
  const clientAuthorities = data[clientAuthoritiesKey];
  const authorities = data[frontProxyAuthoritiesKey];
  const lists = Object.entries(listKeys).map(([name, key]) => [name, combinedList(data[key], [])]);
  return {
    ...(clientAuthorities && { clientAuthorities }),
    ...(authorities && { frontProxy: { authorities, ...(Object.fromEntries(lists) as Omit<FrontProxyAuthentication, 'authorities'>) } }),
  };
}

function combinedList(published: string | undefined, own: readonly string[] = []): string[] {
  const present: unknown = published ? JSON.parse(published) : [];
  if (!Array.isArray(present) || present.some((value) => typeof value !== 'string')) throw new Error(`${published} is not a list of texts`);
  return [...new Set([...(present as string[]), ...own])];
}

function combinedCertificates(published: string | undefined, own: string | undefined): string {
  const all = [published, own].flatMap((pem) => (pem ? pemCertificates(pem) : []));
  const current = all.filter(({ validTo }) => Date.parse(validTo) > Date.now() - EXPIRY_SLACK_MS);
  return [...new Set(current.map(pemOf))].join('');
}

function pemOf({ raw }: X509Certificate): string {
  const lines = raw.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

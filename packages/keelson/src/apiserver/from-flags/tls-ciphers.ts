import { getCiphers } from 'node:tls';
import type { Report } from './report.js';

/** Always on, as in kube-apiserver: the flag chooses among the suites of TLS 1.2 and below. */
const tls13Suites = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

/** What kube-apiserver offers below TLS 1.3 by itself, in its order: 128-bit keys first, which cost less. */
const defaultSuites = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
  'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA',
  'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA',
  'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA',
];

/** One of these every client of HTTP/2 has (RFC 9113, 9.2.2); without them most would not find out why they are refused. */
const http2Suites = ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'];

/** Suites that leave HTTP/2 without one that it is sure to have. TLS 1.3 has its own, and of unknown ones something else is said. */
export function requireHttp2Suite(suites: readonly string[], report: Report): void {
  if (suites.length === 0 || !suites.every(isKnown) || http2Suites.some((suite) => suites.includes(suite))) return;
  report(
    `--tls-cipher-suites: error configuring http2: http2: TLSConfig.CipherSuites is missing an HTTP/2-required AES_128_GCM_SHA256 cipher (need at least one of ${http2Suites.join(' or ')})`,
  );
}

/** IANA suite names to the cipher list of OpenSSL; the defaults for none. */
export function tlsCiphers(suites: readonly string[], report: Report): string {
  const chosen = (suites.length === 0 ? defaultSuites : suites)
    .filter((suite) => !tls13Suites.includes(suite))
    .flatMap((suite) => {
      if (isKnown(suite)) return [opensslName(suite)];
      report(`--tls-cipher-suites: Cipher suite ${suite} not supported or doesn't exist`);
      return [];
    });
  return [...tls13Suites, ...chosen].join(':');
}

const available = new Set(getCiphers());

function isKnown(suite: string): boolean {
  return tls13Suites.includes(suite) || available.has(opensslName(suite).toLowerCase());
}

/** `TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA` is `ECDHE-RSA-AES128-SHA`; plain RSA key exchange has no prefix. */
function opensslName(suite: string): string {
  return suite
    .replace(/^TLS_/, '')
    .replace(/^RSA_WITH_/, '')
    .replace('_WITH_', '_')
    .replace(/AES_(\d+)_(CBC_)?/, 'AES$1_')
    .replace(/POLY1305_SHA256$/, 'POLY1305')
    .replaceAll('_', '-');
}

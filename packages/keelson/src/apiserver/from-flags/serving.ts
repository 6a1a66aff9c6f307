import { isIP } from 'node:net';
import { join } from 'node:path';
import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import type { ServingOptions, TlsVersion } from '../options.js';
import { keyPair } from './key-pair.js';
import type { Report } from './report.js';
import { given } from './report.js';
import { requireHttp2Suite, tlsCiphers } from './tls-ciphers.js';

/** Pair name kube-apiserver gives the certificate it makes for itself. */
const generatedPairName = 'apiserver';

/** nghttp2 is fastest around here, and one client cannot hold more handlers than that on a connection. */
const defaultMaxStreams = 250;

const tlsVersions: Readonly<Record<ApiServerFlagValues['tls-min-version'], TlsVersion>> = {
  '': 'TLSv1.2',
  VersionTLS10: 'TLSv1',
  VersionTLS11: 'TLSv1.1',
  VersionTLS12: 'TLSv1.2',
  VersionTLS13: 'TLSv1.3',
};

export function servingOptions(flags: ApiServerFlagValues, report: Report): ServingOptions {
  const port = flags['secure-port'];
  if (port < 1 || port > 65_535) {
    report(`--secure-port ${port} must be between 1 and 65535, inclusive. It cannot be turned off with 0`);
  }
  if (flags['http2-max-streams-per-connection'] < 0) report('--http2-max-streams-per-connection can not be a negative value');
  const tlsMinVersion = tlsVersions[flags['tls-min-version']];
  if (!flags['disable-http2-serving'] && tlsMinVersion !== 'TLSv1.3') requireHttp2Suite(flags['tls-cipher-suites'], report);
  requireRegularExpressions(flags['cors-allowed-origins'], report);
  const files = keyPair('tls-cert-file', flags['tls-cert-file'], 'tls-private-key-file', flags['tls-private-key-file'], report);
  const generated = join(flags['cert-dir'], generatedPairName);
  return {
    bindAddress: flags['bind-address'],
    port,
    advertiseAddress: advertiseAddress(flags, report),
    externalHostname: given(flags['external-hostname']),
    certificate: files ?? { certFile: `${generated}.crt`, keyFile: `${generated}.key` },
    generateCertificate: files === undefined,
    namedCertificates: flags['tls-sni-cert-key'],
    tlsMinVersion,
    tlsCiphers: tlsCiphers(flags['tls-cipher-suites'], report),
    http2: !flags['disable-http2-serving'],
    http2MaxStreamsPerConnection: flags['http2-max-streams-per-connection'] || defaultMaxStreams,
    corsAllowedOrigins: flags['cors-allowed-origins'],
    strictTransportSecurityDirectives: hstsDirectives(flags['strict-transport-security-directives'], report),
  };
}

function advertiseAddress(flags: ApiServerFlagValues, report: Report): string | undefined {
  const address = flags['advertise-address'];
  if (address !== '' && isIP(address) === 0) report(`--advertise-address: failed to parse IP: ${JSON.stringify(address)}`);
  if (address !== '') return address;
  return isReachable(flags['bind-address']) ? flags['bind-address'] : undefined;
}

/** False for addresses that stand for every interface or for this host only. */
const isReachable = (address: string): boolean => address !== '0.0.0.0' && !/^([0:]+|127\..*|::1)$/.test(address);

function requireRegularExpressions(patterns: readonly string[], report: Report): void {
  for (const pattern of patterns) {
    try {
      new RegExp(pattern);
    } catch {
      report(`--cors-allowed-origins has an invalid regular expression: ${pattern}`);
    }
  }
}

function hstsDirectives(directives: readonly string[], report: Report): readonly string[] {
  const invalid = directives.find((directive) => !/^(max-age=\d+|includeSubDomains|preload)$/i.test(directive));
  if (invalid !== undefined) {
    report(
      `--strict-transport-security-directives invalid, allowed values: max-age=expireTime, includeSubDomains, preload; got ${JSON.stringify(invalid)}`,
    );
  }
  return directives;
}

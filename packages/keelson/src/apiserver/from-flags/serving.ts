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

const tlsVersions: Readonly<Partial<Record<string, TlsVersion>>> = {
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
  const tlsMinVersion = tlsVersion(flags['tls-min-version'], report);
  if (!flags['disable-http2-serving'] && tlsMinVersion !== 'TLSv1.3') requireHttp2Suite(flags['tls-cipher-suites'], report);
  requireOrigins(flags['cors-allowed-origins'], report);
  const files = keyPair(flags['tls-cert-file'], flags['tls-private-key-file'], () =>
    report('--tls-cert-file and --tls-private-key-file: missing filename for serving cert'),
  );
  const generated = join(flags['cert-dir'], generatedPairName);
  return {
    bindAddress: flags['bind-address'] || '0.0.0.0',
    port,
    advertiseAddress: advertiseAddress(flags),
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

function tlsVersion(name: string, report: Report): TlsVersion {
  const version = tlsVersions[name];
  if (version === undefined) report(`--tls-min-version: unknown tls version ${JSON.stringify(name)}`);
  return version ?? 'TLSv1.2';
}

function advertiseAddress(flags: ApiServerFlagValues): string | undefined {
  const address = flags['advertise-address'];
  if (address !== '') return address;
  return isReachable(flags['bind-address']) ? flags['bind-address'] : undefined;
}

/** False for addresses that stand for every interface or for this host only. */
const isReachable = (address: string): boolean => address !== '0.0.0.0' && !/^([0:]+|127\..*|::1)$/.test(address);

function requireOrigins(patterns: readonly string[], report: Report): void {
  for (const pattern of patterns) {
    if (pattern === '') report('empty value in --cors-allowed-origins');
    else if (!isRegularExpression(pattern)) report(`--cors-allowed-origins has an invalid regular expression: ${pattern}`);
    else if (!pinsHost(pattern))
      report(
        `--cors-allowed-origins has an invalid regular expression: regular expression does not pin to start/end of host in the origin header`,
      );
  }
}

function isRegularExpression(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}

/** Otherwise it would match origins of hosts that others own, which only have the meant name in theirs (CVE-2022-1996). */
const pinsHost = (pattern: string): boolean => /\^|\/\//.test(pattern) && /[$:]/.test(pattern);

function hstsDirectives(directives: readonly string[], report: Report): readonly string[] {
  if (!directives.every((directive) => /^(max-age=\d+|includeSubDomains|preload)$/i.test(directive)))
    report(
      '--strict-transport-security-directives invalid, allowed values: max-age=expireTime, includeSubDomains, preload. see https://tools.ietf.org/html/rfc6797#section-6.1 for more information',
    );
  return directives;
}

import { harmless, implemented, refused } from '../flag.js';
import { bool, int, ip, string, strings } from '../flag-type.js';
import { namedKeyPairs } from '../named-key-pairs.js';

export const secureServingFlags = {
  title: 'Secure serving flags',
  flags: {
    'bind-address': implemented(ip, '0.0.0.0', 'IP address to listen on. 0.0.0.0 and :: mean every interface and address family.'),
    'cert-dir': implemented(
      string,
      '/var/run/kubernetes',
      'Directory for the certificate that is generated when --tls-cert-file and --tls-private-key-file are not given.',
    ),
    'disable-http2-serving': implemented(bool, false, 'Speak HTTP/1.1 only.'),
    'http2-max-streams-per-connection': implemented(int, 0, 'Streams a client may have open on one HTTP/2 connection. 0: 250.'),
    'permit-address-sharing': harmless(bool, false, 'Listen with SO_REUSEADDR; this server always does.'),
    'permit-port-sharing': refused(
      bool,
      false,
      'Listen with SO_REUSEPORT, so that several servers can share a port.',
      'the port is never shared',
    ),
    'secure-port': implemented(int, 6443, 'Port to serve HTTPS on. 0 is not allowed.'),
    'tls-cert-file': implemented(
      string,
      '',
      'Serving certificate, followed by its intermediate authorities. Without it a self-signed one is generated in --cert-dir.',
    ),
    'tls-cipher-suites': implemented(
      strings,
      [],
      'Cipher suites for TLS 1.2 and below, by their IANA names. Empty: those that kube-apiserver offers.',
    ),
    'tls-min-version': implemented(
      string,
      '',
      'Lowest TLS version: VersionTLS10, VersionTLS11, VersionTLS12 (the default) or VersionTLS13.',
    ),
    'tls-private-key-file': implemented(string, '', 'Key of --tls-cert-file.'),
    'tls-sni-cert-key': implemented(
      namedKeyPairs,
      [],
      'Further certificate and key, cert,key[:name,...], for clients that ask for one of the names (SNI); *.example.com is one, too. Without names, those in the certificate. Repeatable.',
    ),
  },
} as const;

import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { NamedCertificate } from './tls-material.js';

const hostName = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Certificates by the name a client asks for (SNI, RFC 6066). A whole name goes before a wildcard, names that were given
 * before those found in certificates, and an earlier certificate before a later one.
 */
export class ServerNames {
  readonly #byName = new Map<string, SecureContext>();

  /** `shared` is what every certificate is served with. Throws when a certificate or key cannot be used. */
  constructor(certificates: readonly NamedCertificate[], shared: SecureContextOptions) {
    const contexts = certificates.map(({ names, certificate, key }) => ({
      names,
      found: names.length > 0 ? [] : namesIn(new X509Certificate(certificate)),
      context: createSecureContext({ ...shared, cert: certificate, key }),
    }));
    for (const { names, context } of contexts) this.#add(names, context);
    for (const { found, context } of contexts) this.#add(found, context);
  }

  /** Undefined: the certificate for everybody else. */
  find(serverName: string): SecureContext | undefined {
    const name = serverName.toLowerCase();
    return this.#byName.get(name) ?? this.#byName.get(name.replace(/^[^.]*/, '*'));
  }

  #add(names: readonly string[], context: SecureContext): void {
    for (const name of names) if (!this.#byName.has(name)) this.#byName.set(name, context);
  }
}

/** Names a certificate is for: no addresses, since nobody can ask for those. */
function namesIn({ subject, subjectAltName = '' }: X509Certificate): string[] {
  const commonName = /^CN=(.*)$/m.exec(subject)?.[1] ?? '';
  const alternatives = Array.from(subjectAltName.matchAll(/(?:^|, )DNS:([^,]+)/g), ([, name]) => name as string);
  const isHost = commonName === '*' || (hostName.test(commonName) && !/^[\d.]+$/.test(commonName));
  return isHost ? [commonName, ...alternatives] : alternatives;
}

import { CertificateAuthorities, ClientCertificateAuthenticator } from '@keelson/auth';
import type { Instruments, TlsMaterial } from '@keelson/server';
import type { AuthenticationOptions } from './options.js';

/** Knows users by certificates of the authorities that the listener read; undefined when no file of them was named. */
export function clientCertificates(
  { clientCaFile }: AuthenticationOptions,
  tls: TlsMaterial,
  { onCertificate }: Pick<Instruments['authentication'], 'onCertificate'>,
): ClientCertificateAuthenticator | undefined {
  return clientCaFile === undefined ? undefined : new ClientCertificateAuthenticator(authoritiesIn(tls), onCertificate);
}

/** Gives new files to the listener and to authentication: to both, or to none when either cannot use them. */
export function useTlsMaterial(
  material: TlsMaterial,
  listener: { useCertificates(material: TlsMaterial): void },
  authenticator: ClientCertificateAuthenticator | undefined,
): void {
  const authorities = authenticator && authoritiesIn(material);
  listener.useCertificates(material);
  if (authorities) authenticator?.useAuthorities(authorities);
}

/** Of all files of authorities, that of clients is the first. */
function authoritiesIn({ clientAuthorities = [] }: TlsMaterial): CertificateAuthorities {
  return new CertificateAuthorities(String(clientAuthorities[0] ?? ''));
}

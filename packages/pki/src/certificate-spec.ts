export type ExtendedUsage = 'serverAuth' | 'clientAuth';

export interface SubjectAltNames {
  readonly dns: readonly string[];
  readonly ips: readonly string[];
}

interface NamedSpec {
  /** Below the PKI directory, without extension: `etcd/server` is `etcd/server.crt` and `etcd/server.key`. */
  readonly path: string;
  readonly commonName: string;
}

export interface AuthoritySpec extends NamedSpec {
  readonly kind: 'authority';
}

export interface LeafSpec extends NamedSpec {
  readonly kind: 'leaf';
  /** Path of the authority that signs it. */
  readonly issuer: string;
  readonly organization?: string;
  readonly usages: readonly ExtendedUsage[];
  readonly altNames?: SubjectAltNames;
  /** Also write certificate and key into one file, `<path>.pem`, the form HAProxy reads. */
  readonly combined?: boolean;
}

/** A certificate that should exist. */
export type CertificateSpec = AuthoritySpec | LeafSpec;

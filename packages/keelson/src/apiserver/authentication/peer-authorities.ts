import { CertificateAuthorities, CertificateVerifier } from '@keelson/auth';
import type { ClusterAuthentication } from '@keelson/controllers';
import { pemCertificates, quote } from '@keelson/machinery';
import type { TlsMaterial } from '@keelson/server';
import { FlagError } from '../../flags/flag-error.js';
import type { AuthenticationOptions } from '../options.js';

/** Files of authorities that client certificates are checked by: in this order in `TlsMaterial.clientAuthorities`. */
export function peerAuthorityFiles({ clientCaFile, requestHeader }: AuthenticationOptions): string[] {
  return [clientCaFile, requestHeader?.clientCaFile].filter((file) => file !== undefined);
}

/** Whose certificates are believed for what: of users, and of front proxies. They are replaced with the listener's. */
export class PeerAuthorities {
  readonly #options: AuthenticationOptions;
  #bundles: Bundles;
  /** Undefined where no such authorities are named. */
  readonly clients?: CertificateVerifier;
  readonly proxies?: CertificateVerifier;
  readonly #onChange: (() => void)[] = [];

  /** Throws when certificates of users could pass for those of front proxies. */
  constructor(options: AuthenticationOptions, material: TlsMaterial) {
    this.#options = options;
    this.#bundles = bundlesOf(options, material);
    const { clients, proxies } = this.#bundles;
    const { clientCaFile, requestHeader } = options;
    if (clients !== undefined) this.clients = verifierBy(clients, `client-ca-bundle::${clientCaFile}`);
    if (proxies !== undefined) this.proxies = verifierBy(proxies, `request-header::${requestHeader?.clientCaFile}`);
    requireTellable(options, this.#bundles);
  }

  /** Gives new files to the listener and to authentication: to all, or to none when one of them cannot use them. */
  use(material: TlsMaterial, listener: { useCertificates(material: TlsMaterial): void }): void {
    const bundles = bundlesOf(this.#options, material);
    const clients = bundles.clients && new CertificateAuthorities(bundles.clients);
    const proxies = bundles.proxies && new CertificateAuthorities(bundles.proxies);
    listener.useCertificates(material);
    this.#bundles = bundles;
    if (clients) this.clients?.useAuthorities(clients);
    if (proxies) this.proxies?.useAuthorities(proxies);
    for (const tell of this.#onChange) tell();
  }

  /** `changed` is called after every change. */
  onChange(changed: () => void): void {
    this.#onChange.push(changed);
  }

  /** How other API servers can know users as this one does. */
  published(): ClusterAuthentication {
    const { clients, proxies } = this.#bundles;
    const { requestHeader } = this.#options;
    return {
      ...(clients !== undefined && { clientAuthorities: clients }),
      ...(proxies !== undefined && requestHeader && { frontProxy: { ...requestHeader, authorities: proxies } }),
    };
  }
}

/** `name`: what kube-apiserver calls the bundle. */
function verifierBy(bundle: string, name: string): CertificateVerifier {
  if (bundle === '') throw new Error(`missing content for CA bundle ${quote(name)}`);
  try {
    return new CertificateVerifier(new CertificateAuthorities(bundle));
  } catch (error) {
    throw new Error(`error loading CA bundle for ${quote(name)}: ${(error as Error).message}`, { cause: error });
  }
}

/** PEM. */
interface Bundles {
  readonly clients?: string;
  readonly proxies?: string;
}

function bundlesOf(options: AuthenticationOptions, { clientAuthorities = [] }: TlsMaterial): Bundles {
  const texts = clientAuthorities.map(String);
  const files = peerAuthorityFiles(options);
  const textOf = (file: string | undefined) => (file === undefined ? undefined : texts[files.indexOf(file)]);
  const clients = textOf(options.clientCaFile);
  const proxies = textOf(options.requestHeader?.clientCaFile);
  return { ...(clients !== undefined && { clients }), ...(proxies !== undefined && { proxies }) };
}

function requireTellable({ requestHeader }: AuthenticationOptions, { clients, proxies }: Bundles): void {
  if (clients === undefined || proxies === undefined || requestHeader?.allowedNames.length !== 0) return;
  const known = new Set(pemCertificates(clients).map(({ fingerprint256 }) => fingerprint256));
  if (!pemCertificates(proxies).some(({ fingerprint256 }) => known.has(fingerprint256))) return;
  throw new FlagError(
    '--requestheader-client-ca-file and --client-ca-file contain overlapping certificates; --requestheader-allowed-names must be specified to ensure regular client certificates cannot set authenticating proxy headers for arbitrary users',
  );
}

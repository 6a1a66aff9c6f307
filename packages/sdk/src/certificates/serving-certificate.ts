import type { LeafSpec } from '@keelson/pki';
import { altNames, leafLifetimeMs, newPrivateKey, signCertificate } from '@keelson/pki';
import type { AuthorityKeeper } from './authority-keeper.js';

/** What a server proves itself with, and what clients check it by; PEM. */
export interface ServingCertificate {
  readonly certificate: string;
  readonly key: string;
  readonly bundle: string;
}

/** What serving certificates come from: an authority that signs them, or files. */
export interface CertificateSource {
  /** The current one; another value when it has changed. */
  current(now: Date): Promise<ServingCertificate>;
  /** Calls back when there may be another one, until the result is called. */
  follow(onChange: () => void): () => void;
}

/** Renewed after half of its life. */
const RENEW_AFTER_MS = leafLifetimeMs / 2;

/** Certificates signed when they are needed: at the start, in time before they end, and when the authority is another one. */
export class SignedCertificates implements CertificateSource {
  readonly #authorities: AuthorityKeeper;
  readonly #hosts: readonly string[];
  #turn: Promise<unknown> = Promise.resolve();
  #last: { readonly signer: string; readonly signedAtMs: number; readonly issued: ServingCertificate } | undefined;

  constructor(authorities: AuthorityKeeper, hosts: readonly string[]) {
    this.#authorities = authorities;
    this.#hosts = hosts;
  }

  /** One at a time: whoever asks while another one does gets the same certificate. */
  current(now: Date): Promise<ServingCertificate> {
    const mine = this.#turn.then(() => this.#settle(now));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  follow(onChange: () => void): () => void {
    return this.#authorities.follow(onChange);
  }

  async #settle(now: Date): Promise<ServingCertificate> {
    const authority = await this.#authorities.current(now);
    const last = this.#last;
    const isGood = last?.signer === authority.certificate && now.getTime() - last.signedAtMs < RENEW_AFTER_MS;
    if (isGood && last.issued.bundle === authority.bundle) return last.issued;
    const { certificate, key } = isGood ? last.issued : await this.#sign(authority, now);
    const issued = { certificate, key, bundle: authority.bundle };
    this.#last = { signer: authority.certificate, signedAtMs: isGood ? last.signedAtMs : now.getTime(), issued };
    return issued;
  }

  async #sign(issuer: { readonly certificate: string; readonly privateKey: string }, now: Date) {
    const [commonName = 'localhost'] = this.#hosts;
    const spec: LeafSpec = {
      kind: 'leaf',
      path: 'serving',
      issuer: 'ca',
      commonName,
      usages: ['serverAuth'],
      altNames: altNames(this.#hosts),
    };
    const key = await newPrivateKey();
    return { certificate: await signCertificate({ spec, privateKey: key, issuer, now }), key };
  }
}

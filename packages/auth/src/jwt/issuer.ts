import { type Log, quote } from '@keelson/machinery';
import type { IssuerClient } from './issuer-client.js';
import { KeySet } from './key-set.js';
import { providerDocument } from './provider-document.js';
import { isClaims } from './unverified.js';

const WELL_KNOWN = '/.well-known/openid-configuration';
const RETRY_MS = 10_000;

export interface IssuerOptions {
  /** As tokens say it in `iss`. */
  readonly url: string;
  /** Where its configuration is, if not at the well-known place under its URL. */
  readonly discoveryUrl?: string | undefined;
  readonly client: IssuerClient;
  readonly log: Log;
}

/**
 * An OpenID provider: it is asked for its configuration until it tells, for it may come up later than this server, or run
 * behind it.
 */
export class Issuer {
  readonly #options: IssuerOptions;
  #keys: KeySet | undefined;
  #failure: unknown;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;
  /** Resolves after the first attempt, whatever came of it. */
  readonly attempted: Promise<void>;

  constructor(options: IssuerOptions) {
    this.#options = options;
    this.#failure = new Error(`oidc: authenticator for issuer ${quote(options.url)} is not initialized`);
    this.attempted = this.#discover();
  }

  get url(): string {
    return this.#options.url;
  }

  /** Its keys, once it has told where they are. */
  get keys(): KeySet | undefined {
    return this.#keys;
  }

  /** Why it is of no use, or not yet. */
  get problem(): Error | undefined {
    if (this.#keys !== undefined) return undefined;
    const why = this.#failure instanceof Error ? this.#failure.message : this.#failure;
    return new Error(`oidc: authenticator for issuer ${quote(this.url)} is not healthy: ${why}`);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
  }

  async #discover(): Promise<void> {
    const { url, client, log } = this.#options;
    try {
      this.#keys = new KeySet(client, await this.#keysUrl());
    } catch (error) {
      this.#failure = error;
      if (this.#closed) return;
      log.error('oidc authenticator: initializing plugin', { issuer: url, reason: error instanceof Error ? error.message : error });
      this.#retry = setTimeout(() => void this.#discover(), RETRY_MS).unref();
    }
  }

  async #keysUrl(): Promise<string> {
    const { url, discoveryUrl, client } = this.#options;
    const answer = await client.get(discoveryUrl ?? `${url.replace(/\/$/, '')}${WELL_KNOWN}`);
    const document = providerDocument(answer, '', 'oidc: failed to decode provider discovery object');
    const { issuer, jwks_uri: keysUrl } = isClaims(document) ? document : {};
    if (issuer !== url) {
      const told = typeof issuer === 'string' ? issuer : '';
      throw new Error(`oidc: issuer did not match the issuer returned by provider, expected ${quote(url)} got ${quote(told)}`);
    }
    if (typeof keysUrl !== 'string' || !URL.canParse(keysUrl))
      throw new Error(`oidc: provider ${quote(url)} does not tell where its keys are`);
    return keysUrl;
  }
}

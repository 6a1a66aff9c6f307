import { compactVerify, importJWK, type JWK } from 'jose';
import type { IssuerClient } from './issuer-client.js';
import { providerDocument } from './provider-document.js';
import { isClaims } from './unverified.js';

/** Not sooner than this keys are fetched again, whatever tokens come: anybody can send tokens with unknown keys. */
const COOLDOWN_MS = 5_000;
/** After this they are fetched again, while those that are there are used: keys are also taken back. */
const STALE_MS = 10 * 60_000;

type ImportedKey = Awaited<ReturnType<typeof importJWK>>;

interface Key {
  readonly jwk: JWK;
  /** By algorithm; undefined where the key is of no use for it. */
  readonly imported: Map<string, Promise<ImportedKey | undefined>>;
}

/** The keys that an issuer publishes (RFC 7517): fetched when a token needs them, and again when one was signed with another. */
export class KeySet {
  readonly #client: IssuerClient;
  readonly #url: string;
  #keys: readonly Key[] | undefined;
  #fetchedAtMs = Number.NEGATIVE_INFINITY;
  #attemptedAtMs = Number.NEGATIVE_INFINITY;
  #fetching: Promise<readonly Key[]> | undefined;
  #failure: unknown;

  constructor(client: IssuerClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  /** The payload of a token that one of the keys has signed. Throws when there is none. */
  async verify(token: string, algorithm: string, keyId: string | undefined): Promise<Uint8Array> {
    const known = this.#keys;
    const verified = known && (await verifiedBy(known, token, algorithm, keyId));
    if (verified !== undefined) {
      this.#refresh();
      return verified;
    }
    const payload = await verifiedBy(await this.#newKeys(known), token, algorithm, keyId);
    if (payload === undefined) throw new Error('failed to verify id token signature');
    return payload;
  }

  /** Keys that the token has not been held against; none when it is too soon to ask again. */
  async #newKeys(known: readonly Key[] | undefined): Promise<readonly Key[]> {
    if (this.#keys !== undefined && this.#keys !== known) return this.#keys;
    if (this.#fetching === undefined && performance.now() - this.#attemptedAtMs < COOLDOWN_MS) {
      if (this.#keys === undefined) throw this.#failure;
      return [];
    }
    return this.#fetch();
  }

  #refresh(): void {
    const nowMs = performance.now();
    if (nowMs - this.#fetchedAtMs < STALE_MS || nowMs - this.#attemptedAtMs < COOLDOWN_MS) return;
    // Those that there are go on being used when there are no others to be had.
    this.#fetch().catch(() => undefined);
  }

  #fetch(): Promise<readonly Key[]> {
    this.#fetching ??= this.#fetchKeys().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetchKeys(): Promise<readonly Key[]> {
    this.#attemptedAtMs = performance.now();
    try {
      const document = providerDocument(await this.#client.get(this.#url), 'oidc: get keys failed: ', 'oidc: failed to decode keys');
      const keys = isClaims(document) && Array.isArray(document.keys) ? document.keys.filter(isClaims) : [];
      this.#keys = keys.map((jwk) => ({ jwk: jwk as unknown as JWK, imported: new Map() }));
      this.#fetchedAtMs = this.#attemptedAtMs;
      return this.#keys;
    } catch (error) {
      this.#failure = new Error(`fetching keys ${error instanceof Error ? error.message : error}`);
      throw this.#failure;
    }
  }
}

async function verifiedBy(
  keys: readonly Key[],
  token: string,
  algorithm: string,
  keyId: string | undefined,
): Promise<Uint8Array | undefined> {
  for (const key of keys) {
    if (keyId !== undefined && key.jwk.kid !== keyId) continue;
    const imported = await importedFor(key, algorithm);
    const payload = imported && (await payloadOf(token, imported, algorithm));
    if (payload !== undefined) return payload;
  }
  return undefined;
}

function importedFor({ jwk, imported }: Key, algorithm: string): Promise<ImportedKey | undefined> {
  let key = imported.get(algorithm);
  if (key === undefined) {
    // Only what makes the key: what it says it is for is not looked at, and could keep it from being imported.
    const { kty, n, e, crv, x, y } = jwk;
    const bare = kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y };
    key = importJWK(bare as JWK, algorithm).catch(() => undefined);
    imported.set(algorithm, key);
  }
  return key;
}

async function payloadOf(token: string, key: ImportedKey, algorithm: string): Promise<Uint8Array | undefined> {
  try {
    return (await compactVerify(token, key, { algorithms: [algorithm] })).payload;
  } catch {
    return undefined;
  }
}

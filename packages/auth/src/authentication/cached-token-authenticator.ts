import { hash, randomBytes } from 'node:crypto';
import { type AuthenticationOutcome, type AuthenticationResult, ExpiringLruMap, type TokenAuthenticator } from '@keelson/machinery';

export interface TokenCacheOptions {
  /** How long it is kept whose a token is. 0: not at all. */
  readonly successTtlMs: number;
  /** How long it is kept that nobody knows a token. Failures, that the token is bad or nobody could be asked, are not kept. */
  readonly unknownTtlMs: number;
  /** The least used give way to new ones. */
  readonly maxEntries?: number;
  readonly observer?: TokenCacheObserver;
}

/** Told what a cache does, for metrics. */
export interface TokenCacheObserver {
  onRequest(hit: boolean, durationMs: number): void;
  onFetch(ok: boolean): void;
  /** Look-ups under way, and requests that wait for one: more by `change`. */
  onActive(what: 'in_flight' | 'blocked', change: 1 | -1): void;
}

/** Twice as many as a cluster of 5000 nodes and 10000 namespaces uses at a time. */
const DEFAULT_MAX_ENTRIES = 32_768;

/**
 * Keeps what another authenticator found out, for as long as that may be out of date. Requests that come with the same
 * token at the same time wait for one look-up.
 */
export class CachedTokenAuthenticator implements TokenAuthenticator {
  readonly #tokens: TokenAuthenticator;
  readonly #options: TokenCacheOptions;
  /** Tokens themselves are not kept, and nobody can choose tokens whose keys collide. */
  readonly #secret = randomBytes(32).toString('base64');
  readonly #kept: ExpiringLruMap<string, AuthenticationResult | 'nobody'>;
  readonly #underWay = new Map<string, Promise<AuthenticationResult | undefined>>();

  constructor(tokens: TokenAuthenticator, options: TokenCacheOptions) {
    this.#tokens = tokens;
    this.#options = options;
    this.#kept = new ExpiringLruMap(options.maxEntries ?? DEFAULT_MAX_ENTRIES);
  }

  authenticateToken(token: string, audiences: readonly string[]): AuthenticationOutcome {
    const { observer } = this.#options;
    const begunAtMs = performance.now();
    const key = this.#keyOf(token, audiences);
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      observer?.onRequest(true, performance.now() - begunAtMs);
      return kept === 'nobody' ? undefined : kept;
    }
    const outcome = this.#underWay.get(key) ?? this.#fetch(key, token, audiences);
    if (!(outcome instanceof Promise)) {
      observer?.onRequest(false, performance.now() - begunAtMs);
      return outcome;
    }
    observer?.onActive('blocked', 1);
    return outcome.finally(() => {
      observer?.onActive('blocked', -1);
      observer?.onRequest(false, performance.now() - begunAtMs);
    });
  }

  #fetch(key: string, token: string, audiences: readonly string[]): AuthenticationOutcome {
    const { observer } = this.#options;
    let outcome: AuthenticationOutcome;
    try {
      outcome = this.#tokens.authenticateToken(token, audiences);
    } catch (error) {
      observer?.onFetch(false);
      throw error;
    }
    if (outcome instanceof Promise) return this.#share(key, outcome);
    observer?.onFetch(true);
    return this.#keep(key, outcome);
  }

  #share(key: string, pending: Promise<AuthenticationResult | undefined>): Promise<AuthenticationResult | undefined> {
    const { observer } = this.#options;
    observer?.onActive('in_flight', 1);
    const end = (ok: boolean): void => {
      this.#underWay.delete(key);
      observer?.onActive('in_flight', -1);
      observer?.onFetch(ok);
    };
    const shared = pending.then(
      (result) => {
        end(true);
        return this.#keep(key, result);
      },
      (error: unknown) => {
        end(false);
        throw error;
      },
    );
    this.#underWay.set(key, shared);
    return shared;
  }

  #keep(key: string, result: AuthenticationResult | undefined): AuthenticationResult | undefined {
    const { successTtlMs, unknownTtlMs } = this.#options;
    if (result === undefined) {
      this.#kept.set(key, 'nobody', unknownTtlMs);
      return undefined;
    }
    const kept = { ...result, freshUntilMs: performance.now() + successTtlMs };
    this.#kept.set(key, kept, successTtlMs);
    return kept;
  }

  /** Lengths keep one list of texts from being read as another. */
  #keyOf(token: string, audiences: readonly string[]): string {
    let text = `${this.#secret}${token.length}:${token}`;
    for (const audience of audiences) text += `${audience.length}:${audience}`;
    return hash('sha256', text, 'base64');
  }
}

import {
  type AuthenticationResult,
  type Backoff,
  type Log,
  type RemoteServer,
  retry,
  reviewBackoff,
  type TokenAuthenticator,
} from '@keelson/machinery';
import { authentication } from '@keelson/schema';
import { ReviewWebhook } from './review-webhook.js';

type TokenReview = authentication.v1.TokenReview;

/** Of TokenReview: what is sent, and what must be answered. */
export type TokenReviewVersion = 'v1' | 'v1beta1';

const kinds = { v1: authentication.v1.TokenReview, v1beta1: authentication.v1beta1.TokenReview };

const ANSWER_TIMEOUT_MS = 30_000;
/** For all attempts together: requests wait for them. */
const LOOKUP_TIMEOUT_MS = 30_000;

export interface TokenWebhookOptions {
  readonly server: RemoteServer;
  readonly version: TokenReviewVersion;
  /** `--api-audiences`: what tokens are meant for of which the webhook does not say it. */
  readonly apiAudiences: readonly string[];
  readonly backoff?: Backoff;
  readonly log: Log;
}

/** Has another server tell whose a token is (`--authentication-token-webhook-config-file`). Its answers should be cached. */
export class TokenWebhook implements TokenAuthenticator {
  readonly #webhook: ReviewWebhook<TokenReview>;
  readonly #apiAudiences: readonly string[];
  readonly #backoff: Backoff;
  readonly #log: Log;

  constructor({ server, version, apiAudiences, backoff = reviewBackoff, log }: TokenWebhookOptions) {
    this.#webhook = new ReviewWebhook({ server, kind: kinds[version], timeoutMs: ANSWER_TIMEOUT_MS });
    this.#backoff = backoff;
    this.#apiAudiences = apiAudiences;
    this.#log = log;
  }

  async authenticateToken(token: string, wanted: readonly string[]): Promise<AuthenticationResult | undefined> {
    const { authenticated, user = {}, audiences = [], error } = await this.#review(token, wanted);
    const known = audiences.length > 0 ? audiences : this.#apiAudiences;
    const common = known.filter((audience) => wanted.includes(audience));
    if (wanted.length > 0 && common.length === 0) return undefined;
    if (!authenticated) {
      if (error) throw new Error(error);
      return undefined;
    }
    const { username: name = '', uid, groups = [], extra } = user;
    return { user: { name, ...(uid && { uid }), groups, ...(extra && { extra }) }, ...(common.length > 0 && { audiences: common }) };
  }

  async #review(token: string, audiences: readonly string[]): Promise<NonNullable<TokenReview['status']>> {
    const spec = { token, ...(audiences.length > 0 && { audiences: [...audiences] }) };
    try {
      const signal = AbortSignal.timeout(LOOKUP_TIMEOUT_MS);
      const review = { metadata: {}, spec, status: { user: {} } };
      const answer = await retry(() => this.#webhook.ask(review, signal), this.#backoff, { signal });
      return answer.status ?? {};
    } catch (error) {
      this.#log.error('Failed to make webhook authenticator request', { error });
      throw error;
    }
  }
}

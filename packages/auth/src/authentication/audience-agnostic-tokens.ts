import type { AuthenticationOutcome, AuthenticationResult, TokenAuthenticator } from '@keelson/machinery';

/** Takes tokens that name no audiences for meant for this API and for nobody else. */
export class AudienceAgnosticTokens implements TokenAuthenticator {
  readonly #tokens: TokenAuthenticator;
  readonly #apiAudiences: readonly string[];
  /** Of requests, which come often: the same result for the same token. */
  readonly #results = new WeakMap<AuthenticationResult, AuthenticationResult>();

  constructor(tokens: TokenAuthenticator, apiAudiences: readonly string[]) {
    this.#tokens = tokens;
    this.#apiAudiences = apiAudiences;
  }

  authenticateToken(token: string, audiences: readonly string[]): AuthenticationOutcome {
    if (audiences.length === 0) return this.#tokens.authenticateToken(token, audiences);
    const common = this.#commonWith(audiences);
    if (common.length === 0) return undefined;
    const outcome = this.#tokens.authenticateToken(token, common);
    return outcome instanceof Promise ? outcome.then((known) => this.#meantFor(common, known)) : this.#meantFor(common, outcome);
  }

  #commonWith(audiences: readonly string[]): readonly string[] {
    return audiences === this.#apiAudiences ? audiences : audiences.filter((audience) => this.#apiAudiences.includes(audience));
  }

  #meantFor(audiences: readonly string[], result: AuthenticationResult | undefined): AuthenticationResult | undefined {
    if (result === undefined) return undefined;
    if (audiences !== this.#apiAudiences) return { ...result, audiences };
    let meant = this.#results.get(result);
    if (meant === undefined) {
      meant = { ...result, audiences };
      this.#results.set(result, meant);
    }
    return meant;
  }
}

import type { AuthenticationRequest, AuthenticationResult, Authenticator } from '@keelson/machinery';
import { anonymousUser, unauthenticatedGroup } from './well-known.js';

const anonymous: AuthenticationResult = { user: { name: anonymousUser, groups: [unauthenticatedGroup] } };

/** Lets requests without credentials in, as nobody in particular; only on certain paths when `paths` are given. */
export class AnonymousAuthenticator implements Authenticator {
  readonly #paths: ReadonlySet<string> | undefined;

  constructor(paths?: Iterable<string>) {
    this.#paths = paths && new Set(paths);
  }

  authenticate(request: AuthenticationRequest): AuthenticationResult | undefined {
    if (this.#paths === undefined) return anonymous;
    const [path = ''] = (request.url ?? '').split('?', 1);
    return this.#paths.has(path) ? anonymous : undefined;
  }
}

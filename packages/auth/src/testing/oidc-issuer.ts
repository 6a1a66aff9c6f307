import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { HttpsServer } from './https-server.js';
import type { Credential } from './issue.js';

interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
  readonly jwk: JWK;
}

/** By name and algorithm: RSA keys take long to make. */
const madeKeys = new Map<string, Promise<SigningKey>>();

async function makeKey(kid: string, alg: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig' } };
}

function signingKey(kid: string, alg: string): Promise<SigningKey> {
  const name = `${kid} ${alg}`;
  const made = madeKeys.get(name) ?? makeKey(kid, alg);
  madeKeys.set(name, made);
  return made;
}

/** What a path answers: a value as JSON, or a text with a code and headers. */
export type Page = object | { readonly code: number; readonly text?: string; readonly headers?: Record<string, string> };

/** An OpenID provider on loopback: HTTPS, discovery, keys that can be rotated, and tokens. */
export class OidcIssuer {
  readonly #server: HttpsServer;
  /** Requests by path. */
  readonly asked: Record<string, number>;
  /** Answers other than its own, by path. */
  readonly pages = new Map<string, Page>();
  #keys: SigningKey[] = [];

  private constructor(server: HttpsServer, asked: Record<string, number>) {
    this.#server = server;
    this.asked = asked;
  }

  static async start(): Promise<OidcIssuer> {
    const asked: Record<string, number> = {};
    const server = await HttpsServer.start((request, response) => {
      const path = request.url ?? '';
      asked[path] = (asked[path] ?? 0) + 1;
      const { code = 200, text, headers = {} } = rendered(issuer.#page(path));
      response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(text);
    });
    const issuer = new OidcIssuer(server, asked);
    await issuer.rotate('key-1');
    return issuer;
  }

  get authority(): Credential {
    return this.#server.authority;
  }

  get url(): string {
    return this.#server.url;
  }

  /** Those that it publishes. */
  get keys(): readonly JWK[] {
    return this.#keys.map(({ jwk }) => jwk);
  }

  /** Signs with another key from now on; `keep`: the old ones are still published. */
  async rotate(kid: string, { keep = false, alg = 'RS256' } = {}): Promise<void> {
    this.#keys = [await signingKey(kid, alg), ...(keep ? this.#keys : [])];
  }

  /** A token for `audience` that is good for an hour, unless the claims say otherwise; `named`: its header names the key. */
  async token(claims: JWTPayload = {}, { named = true } = {}): Promise<string> {
    const [{ kid, alg, privateKey }] = this.#keys as [SigningKey];
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: this.url, aud: 'kubernetes', sub: 'alice', iat: now, exp: now + 3600, ...claims })
      .setProtectedHeader({ alg, ...(named && { kid }) })
      .sign(privateKey);
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  #page(path: string): Page {
    const own = this.pages.get(path);
    if (own !== undefined) return own;
    if (path === '/.well-known/openid-configuration') return { issuer: this.url, jwks_uri: `${this.url}/keys` };
    if (path === '/keys') return { keys: this.keys };
    return { code: 404, text: 'nothing here' };
  }
}

function rendered(page: Page): { readonly code?: number; readonly text?: string; readonly headers?: Record<string, string> } {
  return 'code' in page ? page : { text: JSON.stringify(page) };
}

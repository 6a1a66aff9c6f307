import { explaining } from '../explaining.js';
import { isClaims } from '../jwt/unverified.js';
import type { ClaimsSigner } from '../service-account/token-signer.js';
import type { TokenKeys } from '../service-account/verification-keys.js';
import { MAX_KEY_ID_BYTES } from './external-keys.js';
import { codeOf, type ExternalSignerCalls, type ExternalSignerObserver } from './signer-client.js';

export interface ExternalSignerOptions {
  readonly calls: Pick<ExternalSignerCalls, 'sign'>;
  readonly keys: Pick<TokenKeys, 'named'>;
  readonly observer: Pick<ExternalSignerObserver, 'onSign'>;
}

/** What this server's own keys may sign with, too. */
const algorithms: readonly unknown[] = ['RS256', 'ES256', 'ES384', 'ES512'];
/** Nothing else may stand in a header: nobody here would know what it means. */
const members: readonly string[] = ['alg', 'kid', 'typ'];

/** Has claims signed by another program, which has the keys (KEP-740). What that answers is believed only as far as it must be. */
export class ExternalSigner implements ClaimsSigner {
  readonly #options: ExternalSignerOptions;

  constructor(options: ExternalSignerOptions) {
    this.#options = options;
  }

  async sign(claims: object): Promise<string> {
    const { onSign } = this.#options.observer;
    try {
      const token = await this.#sign(Buffer.from(JSON.stringify(claims)).toString('base64url'));
      onSign('OK');
      return token;
    } catch (error) {
      onSign(codeOf(error));
      throw error;
    }
  }

  async #sign(payload: string): Promise<string> {
    const { header, signature } = await explaining('while signing jwt', () => this.#options.calls.sign(payload));
    await explaining('while validating header', () => this.#checkHeader(header));
    if (signature === '') throw new Error('empty signature returned');
    return `${header}.${payload}.${signature}`;
  }

  async #checkHeader(header: string): Promise<void> {
    const { typ, kid = '', alg = '' } = parseHeader(header);
    if (typ !== 'JWT') throw new Error('bad type');
    if (kid === '') throw new Error('key id missing');
    if (Buffer.byteLength(kid) > MAX_KEY_ID_BYTES) throw new Error('key id longer than 1 kb');
    if (!algorithms.includes(alg)) throw new Error(`bad signing algorithm ${JSON.stringify(alg)}`);
    const keys = await this.#options.keys.named(kid);
    if (keys.some(({ unpublished }) => unpublished))
      throw new Error(`key used for signing JWT (kid: ${kid}) is excluded from OIDC discovery docs`);
  }
}

function parseHeader(header: string): Readonly<Record<string, string>> {
  const text = decode(header);
  return explaining('while parsing header JSON', () => {
    const parsed: unknown = JSON.parse(text);
    if (!isClaims(parsed)) throw new Error('json: cannot unmarshal into a header');
    for (const [name, value] of Object.entries(parsed)) {
      if (!members.includes(name)) throw new Error(`json: unknown field ${JSON.stringify(name)}`);
      if (typeof value !== 'string') throw new Error(`json: cannot unmarshal ${typeof value} into Go struct field .${name} of type string`);
    }
    return parsed as Readonly<Record<string, string>>;
  });
}

/** Base64 for URLs without padding, and nothing but that: what is handed on must be what was checked. */
function decode(header: string): string {
  const at = /[^-_A-Za-z0-9]/.exec(header)?.index ?? (header.length % 4 === 1 ? header.length - 1 : -1);
  if (at >= 0) throw new Error(`while unwrapping header: illegal base64 data at input byte ${at}`);
  return Buffer.from(header, 'base64url').toString();
}

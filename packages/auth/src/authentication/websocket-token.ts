import type { AuthenticationOutcome, AuthenticationRequest, Authenticator, TokenAuthenticator } from '@keelson/machinery';
import { knownOnly } from './bearer-token.js';

const protocolPrefix = 'base64url.bearer.authorization.k8s.io.';

/**
 * Reads a token from the subprotocols that a WebSocket client offers: browsers cannot set headers. The token is removed
 * from the offer, so that it is neither chosen nor passed on.
 */
export class WebSocketTokenAuthenticator implements Authenticator {
  readonly #tokens: TokenAuthenticator;

  constructor(tokens: TokenAuthenticator) {
    this.#tokens = tokens;
  }

  authenticate(request: AuthenticationRequest): AuthenticationOutcome {
    const { headers } = request;
    if (headers.upgrade?.toLowerCase() !== 'websocket') return undefined;
    const offered = String(headers['sec-websocket-protocol'] ?? '')
      .split(',')
      .map((protocol) => protocol.trim());
    const tokens = offered.filter((protocol) => protocol.startsWith(protocolPrefix));
    const [first] = tokens;
    if (first === undefined) return undefined;
    if (tokens.length > 1) throw new Error('multiple base64.bearer.authorization tokens specified');
    if (tokens.length === offered.length) throw new Error('missing additional subprotocol');
    headers['sec-websocket-protocol'] = offered.filter((protocol) => protocol !== first).join(', ');
    return knownOnly(this.#tokens.authenticateToken(decodeToken(first.slice(protocolPrefix.length))));
  }
}

function decodeToken(encoded: string): string {
  const token = Buffer.from(encoded, 'base64url').toString('utf8');
  if (!/^[-_A-Za-z0-9]+$/.test(encoded) || token.includes('\ufffd')) throw new Error('invalid base64.bearer.authorization token encoding');
  return token;
}

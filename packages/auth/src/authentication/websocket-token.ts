import { isUtf8 } from 'node:buffer';
import type { AuthenticationOutcome, AuthenticationRequest, Authenticator, TokenAuthenticator } from '@keelson/machinery';
import { userOfToken } from './bearer-token.js';

const HEADER = 'sec-websocket-protocol';
const protocolPrefix = 'base64url.bearer.authorization.k8s.io.';

/**
 * Reads a token from the subprotocols that a WebSocket client offers: browsers cannot set headers. The token is removed
 * from the offer, so that it is neither chosen nor passed on.
 */
export class WebSocketTokenAuthenticator implements Authenticator {
  readonly #tokens: TokenAuthenticator;
  readonly #audiences: readonly string[];

  constructor(tokens: TokenAuthenticator, audiences: readonly string[] = []) {
    this.#tokens = tokens;
    this.#audiences = audiences;
  }

  authenticate(request: AuthenticationRequest): AuthenticationOutcome {
    const { headers } = request;
    if (headers.upgrade?.toLowerCase() !== 'websocket') return undefined;
    const offered = String(headers[HEADER] ?? '')
      .split(',')
      .map((protocol) => protocol.trim());
    const tokens = offered.filter((protocol) => protocol.startsWith(protocolPrefix));
    const [first] = tokens;
    if (first === undefined) return undefined;
    if (tokens.length > 1) throw new Error('multiple base64.bearer.authorization tokens specified');
    const token = decodeToken(first.slice(protocolPrefix.length));
    if (token === '') return undefined;
    if (tokens.length === offered.length) throw new Error('missing additional subprotocol');
    const accept = <T>(user: T): T => {
      offer(
        request,
        offered.filter((protocol) => protocol !== first),
      );
      return user;
    };
    const user = userOfToken(this.#tokens, token, this.#audiences);
    return user instanceof Promise ? user.then(accept) : accept(user);
  }
}

/** In both forms that Node keeps of the headers. */
function offer({ headers, rawHeaders }: AuthenticationRequest, protocols: readonly string[]): void {
  const value = protocols.join(',');
  headers[HEADER] = value;
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) if (rawHeaders[at]?.toLowerCase() === HEADER) rawHeaders.splice(at, 2);
  rawHeaders.push(HEADER, value);
}

function decodeToken(encoded: string): string {
  if (!/^[-_A-Za-z0-9]*$/.test(encoded) || encoded.length % 4 === 1) throw new Error('invalid base64.bearer.authorization token encoding');
  const bytes = Buffer.from(encoded, 'base64url');
  if (!isUtf8(bytes)) throw new Error('invalid base64.bearer.authorization token');
  return bytes.toString();
}

import { type Dialer, locationOf, MOST_HOPS, type RemoteAccess, type RemoteAnswer, RemoteServer } from '@keelson/machinery';

const TIMEOUT_MS = 30_000;
/** An issuer has its documents in few places; tokens may name others, of which the latest are remembered. */
const MOST_SERVERS = 16;

/** Gets documents of token issuers over HTTPS, wherever they are. */
export class IssuerClient {
  readonly #access: Omit<RemoteAccess, 'server'>;
  /** By origin, the latest used last. */
  readonly #servers = new Map<string, RemoteServer>();

  /** `certificateAuthority`: PEM; the system's authorities when absent. `dialer`: the way there, Node's own when absent. */
  constructor(certificateAuthority?: string, dialer?: Dialer) {
    this.#access = {
      insecureSkipTlsVerify: false,
      ...(certificateAuthority !== undefined && { certificateAuthority }),
      ...(dialer && { dialer }),
    };
  }

  /** Follows redirects over HTTPS; what authorizes stays with the server it is for. Throws when no answer comes, whatever its code. */
  async get(url: string, authorization?: string): Promise<RemoteAnswer> {
    let at = new URL(url);
    const { origin } = at;
    for (let sent = 1; sent <= MOST_HOPS; sent++) {
      const headers = authorization !== undefined && at.origin === origin ? { Authorization: authorization } : {};
      const path = `${at.pathname}${at.search}`;
      const answer = await this.#server(at).send({ path, headers, timeoutMs: TIMEOUT_MS, followRedirects: false });
      const location = locationOf(answer);
      if (location === undefined) return answer;
      at = new URL(location, at);
    }
    throw new Error(`Get ${JSON.stringify(url)}: stopped after ${MOST_HOPS} redirects`);
  }

  /** Answers under way are still read. */
  close(): void {
    for (const server of this.#servers.values()) server.close();
    this.#servers.clear();
  }

  #server({ protocol, origin }: URL): RemoteServer {
    if (protocol !== 'https:') throw new Error(`${origin} is not reached over HTTPS`);
    const known = this.#servers.get(origin);
    const server = known ?? new RemoteServer({ ...this.#access, server: origin });
    this.#servers.delete(origin);
    this.#servers.set(origin, server);
    for (const [oldest, forgotten] of this.#servers) {
      if (this.#servers.size <= MOST_SERVERS) break;
      this.#servers.delete(oldest);
      forgotten.close();
    }
    return server;
  }
}

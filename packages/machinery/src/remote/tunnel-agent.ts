import { type ClientRequestArgs, type IncomingMessage, request } from 'node:http';
import { Agent, type AgentOptions, request as requestSecurely } from 'node:https';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect } from 'node:tls';

/** How long a proxy may take to connect. */
const TIMEOUT_MS = 30_000;

type Connected = (error: Error | null, stream: Duplex) => void;

/** Connections of HTTPS that go through a proxy, which is asked to connect (RFC 9110, 9.3.6) and sees nothing of what they carry. */
export class TunnelAgent extends Agent {
  readonly #proxy: URL;

  constructor(proxy: URL, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(options: ClientRequestArgs & { servername?: string }, connected: Connected): undefined {
    const fail = (error: Error) => connected(error, undefined as unknown as Duplex);
    const { port = 443 } = options;
    const host = options.host ?? '';
    const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const asked = this.#ask(authority);
    asked.once('connect', (answer: IncomingMessage, socket: Duplex) => {
      if (answer.statusCode === 200) return connected(null, connect({ ...(options as ConnectionOptions), socket }));
      socket.destroy();
      fail(new Error(`proxyconnect tcp: ${answer.statusMessage || answer.statusCode}`));
    });
    asked.once('error', (error) => fail(new Error(`proxyconnect tcp: ${error.message}`, { cause: error })));
    asked.once('timeout', () => asked.destroy(new Error('the proxy does not answer')));
    asked.end();
  }

  #ask(authority: string) {
    const { protocol, hostname, port, username, password } = this.#proxy;
    const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
    const open = protocol === 'https:' ? requestSecurely : request;
    return open({
      method: 'CONNECT',
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port || (protocol === 'https:' ? 443 : 80),
      path: authority,
      agent: false,
      timeout: TIMEOUT_MS,
      headers: { Host: authority, ...(username !== '' && { 'Proxy-Authorization': `Basic ${credentials}` }) },
    });
  }
}

import { type AgentOptions, type ClientRequestArgs, Agent as PlainAgent } from 'node:http';
import { Agent as SecureAgent, type AgentOptions as SecureAgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect } from 'node:tls';
import type { Dialer } from './dialer.js';

type Connected = (error: Error | null, stream: Duplex) => void;

const HTTPS_PORT = 443;
const HTTP_PORT = 80;

/** Connections of HTTPS; `dialer`: their way, Node's own when absent. */
export function secureAgent(options: SecureAgentOptions, dialer: Dialer | undefined): SecureAgent {
  return dialer === undefined ? new SecureAgent(options) : new SecureDialingAgent(options, dialer);
}

/** Connections of HTTP without TLS. */
export function plainAgent(options: AgentOptions, dialer: Dialer | undefined): PlainAgent {
  return dialer === undefined ? new PlainAgent(options) : new PlainDialingAgent(options, dialer);
}

class SecureDialingAgent extends SecureAgent {
  readonly #dialer: Dialer;

  constructor(options: SecureAgentOptions, dialer: Dialer) {
    super(options);
    this.#dialer = dialer;
  }

  override createConnection(options: ClientRequestArgs & { servername?: string }, connected: Connected): undefined {
    dial(this.#dialer, options, HTTPS_PORT, connected, (socket) => connect({ ...(options as ConnectionOptions), socket }));
  }
}

class PlainDialingAgent extends PlainAgent {
  readonly #dialer: Dialer;

  constructor(options: AgentOptions, dialer: Dialer) {
    super(options);
    this.#dialer = dialer;
  }

  override createConnection(options: ClientRequestArgs, connected: Connected): undefined {
    dial(this.#dialer, options, HTTP_PORT, connected, (socket) => socket);
  }
}

function dial(dialer: Dialer, options: ClientRequestArgs, scheme: number, connected: Connected, wrap: (socket: Duplex) => Duplex): void {
  const address = { host: options.host ?? '', port: Number(options.port) || scheme };
  dialer.dial(address).then(
    (socket) => connected(null, wrap(socket)),
    (error: Error) => connected(error, undefined as unknown as Duplex),
  );
}

import { type ChannelOptions, type Client, connectivityState, type Metadata } from '@grpc/grpc-js';
import { dialAddressOf, urlHost } from '@keelson/machinery';
import { Etcd3, type IOptions } from 'etcd3';
import type { EtcdSettings, EtcdTls } from '../etcd-options.js';
import { Relay } from './relay.js';

/** Flow-control window of the connection and of each stream: enough for a page of a list on its way. */
const WINDOW_BYTES = 4 * 1024 * 1024;

const CHANNEL_OPTIONS: ChannelOptions = {
  // A channel shares its TCP connection with others of the same address unless it has a pool of its own.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2000,
  // etcd closes connections that ping more often than every 5 s, or without a call.
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 3000,
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  'grpc-node.flow_control_window': WINDOW_BYTES,
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.enable_http_proxy': 0,
};

/** Ask for an answer only from a member that knows a leader: one cut off from the others refuses at once. */
const REQUIRE_LEADER = ['hasleader', 'true'] as const;

/** Of every call; credentials come to it. */
export const METADATA: ReadonlyArray<readonly [name: string, value: string]> = [REQUIRE_LEADER];

/** etcd3 for one member: hosts, TLS, credentials. Requests do not pass its retries and circuit breakers. */
class Member extends Etcd3 {
  /** The gRPC client of the member and the metadata (credentials) of every call. */
  raw(): Promise<{ client: Client; metadata: Metadata }> {
    return this.pool.withConnection('KV', ({ client, metadata }) => ({ client, metadata }));
  }
}

/** One gRPC channel to one member. */
export class GrpcConnection {
  readonly #relay: Relay | undefined;
  #member: Member | undefined;
  readonly #opening: Promise<void>;
  #closed = false;
  #client: Client | undefined;
  #metadata: Metadata | undefined;

  constructor(endpoint: string, settings: EtcdSettings) {
    const { dialer } = settings;
    this.#relay = dialer && new Relay(dialAddressOf(new URL(endpoint)), dialer);
    // Throws at once where there is nothing to wait for.
    if (this.#relay === undefined) this.#member = new Member(memberOptions(endpoint, settings));
    this.#opening = this.#open(endpoint, settings);
    // Whoever waits for readiness gets the error.
    this.#opening.catch(() => undefined);
  }

  async #open(endpoint: string, settings: EtcdSettings): Promise<void> {
    const relayed = await this.#relay?.listen();
    if (this.#closed) return;
    this.#member ??= new Member(memberOptions(endpoint, settings, relayed));
    const { client, metadata } = await this.#member.raw();
    this.#metadata = metadata.clone();
    this.#metadata.set(...REQUIRE_LEADER);
    this.#client = client;
  }

  /** The client and metadata to call with, while the channel is connected. */
  get ready(): { readonly client: Client; readonly metadata: Metadata } | undefined {
    if (this.#client === undefined || this.#metadata === undefined) return undefined;
    if (this.#client.getChannel().getConnectivityState(true) !== connectivityState.READY) return undefined;
    return { client: this.#client, metadata: this.#metadata };
  }

  /** The metadata to call with; rejects when the login failed or took too long. */
  async credentials(deadlineMs: number): Promise<readonly (readonly [name: string, value: string])[]> {
    await within(deadlineMs, this.#opening);
    return Object.entries(this.#metadata?.getMap() ?? {}).map(([name, value]) => [name, String(value)]);
  }

  /** Resolves when connected; rejects when connecting failed or took too long. */
  async becomeReady(deadlineMs: number): Promise<void> {
    await within(deadlineMs, this.#opening);
    const channel = this.#client?.getChannel();
    while (channel !== undefined) {
      const state = channel.getConnectivityState(true);
      if (state === connectivityState.READY) return;
      if (state === connectivityState.TRANSIENT_FAILURE || state === connectivityState.SHUTDOWN) break;
      await new Promise<void>((resolve, reject) => {
        channel.watchConnectivityState(state, deadlineMs, (error) => (error ? reject(error) : resolve()));
      });
    }
    throw this.#relay?.failure ?? new Error('no connection');
  }

  close(): void {
    this.#closed = true;
    this.#member?.close();
    this.#relay?.close();
  }
}

/** `relayed`: the socket that stands for the member. */
function memberOptions(endpoint: string, settings: EtcdSettings, relayed?: string): IOptions {
  const given = typeof settings.tls === 'function' ? settings.tls() : settings.tls;
  // The socket's name does not say that what it leads to wants TLS.
  const tls = relayed === undefined ? given : (given ?? {});
  const url = new URL(endpoint);
  const names = { 'grpc.default_authority': url.host, 'grpc.ssl_target_name_override': urlHost(url) };
  return {
    hosts: relayed === undefined ? endpoint : `unix:${relayed}`,
    grpcOptions: relayed === undefined ? CHANNEL_OPTIONS : { ...CHANNEL_OPTIONS, ...names },
    ...(settings.auth && { auth: { ...settings.auth, callOptions: () => ({ deadline: Date.now() + settings.attemptTimeoutMs }) } }),
    ...(tls && endpoint.startsWith('https:') && { credentials: credentials(tls) }),
  };
}

function credentials(tls: EtcdTls): NonNullable<IOptions['credentials']> {
  return {
    // Absent means the system's authorities, for which etcd3's types have no word.
    rootCertificate: tls.ca as Buffer,
    ...(tls.key && { privateKey: tls.key }),
    ...(tls.cert && { certChain: tls.cert }),
  };
}

function within(deadlineMs: number, promise: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no connection in time')), Math.max(0, deadlineMs - Date.now()));
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

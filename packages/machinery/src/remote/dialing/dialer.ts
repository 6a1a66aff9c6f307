import type { Duplex } from 'node:stream';
import type { RemoteObserver } from '../remote-observer.js';
import type { DialAddress } from './dial-address.js';

/** A way to other machines: straight, or through a proxy. */
export interface Dialer {
  /** A connection to there, for the caller to encrypt. Rejects when there is none; `signal` ends the attempt. */
  dial(address: DialAddress, signal?: AbortSignal): Promise<Duplex>;
}

/** By which way connections leave this server (KEP-1281); absent ones go straight, or through the proxy of the environment. */
export interface Egress {
  /** To nodes, pods and services. */
  readonly cluster?: Dialer;
  /** To what stands beside this server: webhooks at URLs. */
  readonly controlPlane?: Dialer;
  readonly etcd?: Dialer;
  /** Told of what goes these ways, but for etcd's. */
  readonly observer?: RemoteObserver;
}

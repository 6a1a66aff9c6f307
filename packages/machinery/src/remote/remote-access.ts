import type { Dialer } from './dialing/dialer.js';
import type { RemoteObserver } from './remote-observer.js';

/** What a client needs to reach another server and to be known there. */
export interface RemoteAccess {
  /** URL, perhaps with a path before those of the requests. */
  readonly server: string;
  /** PEM; the system's authorities when absent. */
  readonly certificateAuthority?: string;
  /** In place of what the environment says. */
  readonly proxy?: URL;
  /** The way there, or to the proxy; Node's own when absent. */
  readonly dialer?: Dialer;
  readonly insecureSkipTlsVerify: boolean;
  /** Name that the server's certificate must have, where it is not the URL's host. */
  readonly tlsServerName?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  /** `Authorization` header. */
  readonly authorization?: string;
  readonly observer?: RemoteObserver;
}

/** An extension that is served. */
export interface ExtensionServer {
  /** Under which this machine reaches it. */
  readonly url: string;
  /** PEM: what its certificate is to be checked by. */
  readonly bundle: string;
  /** Fulfilled when the cluster has found it to be reachable under all its versions; rejects with what it says after half a minute. */
  whenAvailable(): Promise<void>;
  /** Ends gracefully: leaves the cluster, drains, closes the store. Calling it again changes nothing. */
  stop(): Promise<void>;
  /** Settles when it has ended. */
  readonly whenStopped: Promise<void>;
}

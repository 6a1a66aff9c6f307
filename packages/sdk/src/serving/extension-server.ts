/** An extension that is served. */
export interface ExtensionServer {
  /** Under which this machine reaches it. */
  readonly url: string;
  /** PEM: what its certificate is to be checked by. */
  readonly bundle: string;
  /** Ends gracefully: leaves the cluster, drains, closes the store. Calling it again changes nothing. */
  stop(): Promise<void>;
  /** Settles when it has ended. */
  readonly whenStopped: Promise<void>;
}

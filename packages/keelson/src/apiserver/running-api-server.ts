/** A started server, ready to answer. */
export interface RunningApiServer {
  /** Base URL under which this process reaches it, such as `https://127.0.0.1:6443`. */
  readonly url: string;
  /** Fulfilled when its own objects stand and whatever else /readyz asks for is so. */
  whenReady(): Promise<void>;
  /** Ends gracefully: fails /readyz, waits the shutdown delay, drains, closes the store. Calling it again changes nothing. */
  stop(): Promise<void>;
  /** Settles when the server has ended: fulfilled after `stop`, rejected when it ended by itself. */
  readonly whenStopped: Promise<void>;
}

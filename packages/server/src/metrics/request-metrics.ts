/** Where the requests of one route are counted: made once, when the route is registered. */
export interface RouteInstruments {
  /** Counts an answered request. */
  record(code: number, durationMs: number, responseBytes: number): void;
}

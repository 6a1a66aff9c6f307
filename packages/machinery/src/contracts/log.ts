/** Values of a log line. An Error is shown with its stack; it never reaches a client. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The operational log. `info` takes klog's verbosity: 0 always, 2 changes of state, 4 and more for debugging. */
export interface Log {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(verbosity: number, message: string, fields?: LogFields): void;
  /** Whether `info` at this verbosity is written: ask before building costly fields. */
  enabled(verbosity: number): boolean;
}

import type { Log } from '@keelson/machinery';

export type { Log, LogFields } from '@keelson/machinery';

/** A log whose detail can be changed while it is written. */
export interface AdjustableLog extends Log {
  /** `-v`: information up to this verbosity is written. */
  verbosity: number;
}

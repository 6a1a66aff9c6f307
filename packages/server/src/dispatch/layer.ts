import type { RangeSize } from '@keelson/storage';
import type { RequestInfo } from '../filters/request-info.js';
import type { Handler, KeelsonContext } from '../http/context.js';

/** How much a list would read. */
export interface ListSize extends RangeSize {
  /** It is stored as text, and no longer when it is answered as JSON. */
  readonly isText: boolean;
}

/**
 * One link of the server chain. Asked in turn who serves a request: the first handler wins, undefined passes it on.
 * Resolving does no work that serving would have to repeat.
 */
export interface Layer {
  readonly name: string;
  resolve(ctx: KeelsonContext): Handler | undefined;
  /** How much a list of what a request is about would read, where this layer serves it and can tell at once. */
  sizeOf?(info: RequestInfo): ListSize | undefined;
}

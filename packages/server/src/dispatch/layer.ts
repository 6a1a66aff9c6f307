import type { Handler, KeelsonContext } from '../http/context.js';

/**
 * One link of the server chain. Asked in turn who serves a request: the first handler wins, undefined passes it on.
 * Resolving does no work that serving would have to repeat.
 */
export interface Layer {
  readonly name: string;
  resolve(ctx: KeelsonContext): Handler | undefined;
}

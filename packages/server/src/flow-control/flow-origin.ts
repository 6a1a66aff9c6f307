import type { RequestState } from '../http/context.js';
import type { FlowSchema } from './classification/flow-schema.js';

/** What a request at a priority level came from. */
export interface FlowOrigin {
  readonly schema: FlowSchema;
  readonly state: RequestState;
}

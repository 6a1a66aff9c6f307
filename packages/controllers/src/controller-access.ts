import type { ObjectAccess } from '@keelson/machinery';
import type { LoopbackClient, QueueMetrics } from '@keelson/server';

/** Who looks at the objects of a server and writes them. */
export interface ControllerAccess {
  readonly objects: ObjectAccess;
  readonly client: LoopbackClient;
  readonly onFailure: (error: unknown) => void;
  /** Where the queues of controllers are counted. */
  readonly queues?: QueueMetrics;
}

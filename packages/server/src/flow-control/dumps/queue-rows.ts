import type { FlowOrigin } from '../flow-origin.js';
import type { PriorityLevel } from '../priority-level.js';
import type { RequestQueue } from '../queuing/request-queue.js';
import { formatSeatSeconds } from './seat-seconds.js';

const columns = [
  'PriorityLevelName',
  'Index',
  'PendingRequests',
  'ExecutingRequests',
  'SeatsInUse',
  'NextDispatchR',
  'InitialSeatsSum',
  'MaxSeatsSum',
  'TotalWorkSum',
];

/** One row for each queue of each level. */
export function queueRows(levels: readonly PriorityLevel[]): readonly (readonly string[])[] {
  return [columns, ...levels.flatMap(({ name, queues }) => queues.queues.map((queue) => row(name, queue)))];
}

function row(level: string, queue: RequestQueue<FlowOrigin>): string[] {
  const { index, waiting, executing, seatsInUse, nextDispatchR, waitingWork, requests } = queue;
  let initialSeats = 0;
  let maxSeats = 0;
  for (const request of requests) {
    initialSeats += request.width.seats;
    maxSeats += request.maxSeats;
  }
  const counts = [index, waiting, executing, seatsInUse].map(String);
  return [level, ...counts, formatSeatSeconds(nextDispatchR), `${initialSeats}`, `${maxSeats}`, formatSeatSeconds(waitingWork)];
}

import type { PriorityLevel } from '../priority-level.js';

const columns = [
  'PriorityLevelName',
  'ActiveQueues',
  'IsIdle',
  'IsQuiescing',
  'WaitingRequests',
  'ExecutingRequests',
  'DispatchedRequests',
  'RejectedRequests',
  'TimedoutRequests',
  'CancelledRequests',
];

/** One row for each level, by name. */
export function priorityLevelRows(levels: readonly PriorityLevel[]): readonly (readonly string[])[] {
  const byName = [...levels].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [columns, ...byName.map(row)];
}

function row({ name, queues, isLeaving }: PriorityLevel): string[] {
  const active = queues.queues.filter(({ waiting }) => waiting > 0).length;
  // Requests whose time is over are cancelled; nothing else ends a wait.
  const counts = [queues.waiting, queues.executing, queues.dispatched, queues.rejected, 0, queues.cancelled];
  return [name, `${active}`, `${queues.isIdle}`, `${isLeaving}`, ...counts.map(String)];
}

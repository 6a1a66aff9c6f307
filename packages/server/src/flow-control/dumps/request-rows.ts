import { formatDuration, formatGroupVersion, microTimeOf } from '@keelson/machinery';
import type { FlowOrigin } from '../flow-origin.js';
import type { PriorityLevel } from '../priority-level.js';
import type { QueuedRequest } from '../queuing/queued-request.js';

const columns = [
  'PriorityLevelName',
  'FlowSchemaName',
  'QueueIndex',
  'RequestIndexInQueue',
  'FlowDistingsher',
  'ArriveTime',
  'InitialSeats',
  'FinalSeats',
  'AdditionalLatency',
  'StartTime',
];
const detailColumns = ['UserName', 'Verb', 'APIPath', 'Namespace', 'Name', 'APIVersion', 'Resource', 'SubResource'];

/** What stands for the start of a request that waits. */
const NEVER = '0001-01-01T00:00:00Z';

/** One row for each request that waits or is executed; `detailed`: with what is asked for, and by whom. */
export function requestRows(levels: readonly PriorityLevel[], detailed: boolean): readonly (readonly string[])[] {
  const rows = [detailed ? [...columns, ...detailColumns] : columns];
  for (const { name, queues } of levels) {
    const add = (index: number, request: QueuedRequest<FlowOrigin>) =>
      rows.push([name, ...cells(index, request), ...(detailed ? details(request.origin) : [])]);
    for (const { requests } of queues.queues) for (const [index, request] of [...requests].entries()) add(index, request);
    for (const request of queues.executingRequests) add(-1, request);
  }
  return rows;
}

function cells(index: number, { origin, queue, width, arrivedAtMs, startedAtMs }: QueuedRequest<FlowOrigin>): string[] {
  const { schema, state } = origin;
  return [
    schema.name,
    `${queue?.index ?? -1}`,
    `${index}`,
    schema.flowOf(state.info, state.user),
    timeOf(arrivedAtMs),
    `${width.seats}`,
    `${width.finalSeats}`,
    formatDuration(BigInt(Math.round(width.finalMs * 1e6))),
    startedAtMs > 0 ? timeOf(startedAtMs) : NEVER,
  ];
}

function details({ state: { info, user } }: FlowOrigin): string[] {
  const apiVersion = formatGroupVersion({ group: info.apiGroup, version: info.apiVersion });
  return [user.name, info.verb, info.path, info.namespace, info.name, apiVersion, info.resource, info.subresource];
}

/** Without zeros at its end. */
function timeOf(monotonicMs: number): string {
  return microTimeOf(performance.timeOrigin + monotonicMs).replace(/\.?0+Z$/, 'Z');
}

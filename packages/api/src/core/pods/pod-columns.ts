import type { core } from '@keelson/schema';
import { Age, age, type Cell, type Column, col, nameColumn, type RowCondition, wide } from '@keelson/server';
import { type PodSummary, summarizePod } from './pod-status-text.js';

type Pod = core.v1.Pod;

/** Several cells of a row come from one summary. */
const summaries = new WeakMap<Pod, PodSummary>();

function summaryOf(pod: Pod): PodSummary {
  const known = summaries.get(pod);
  if (known !== undefined) return known;
  const summary = summarizePod(pod);
  summaries.set(pod, summary);
  return summary;
}

function readyText(pod: Pod): string {
  const { readyContainers, totalContainers } = summaryOf(pod);
  return `${readyContainers}/${totalContainers}`;
}

function restartsText(pod: Pod): Cell {
  const { restarts, lastRestart } = summaryOf(pod);
  return restarts > 0 && lastRestart !== undefined ? new Age(Date.parse(lastRestart), `${restarts} (`, ' ago)') : String(restarts);
}

function readinessGatesText({ spec, status }: Pod): string {
  const gates = spec.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const open = gates.filter(({ conditionType }) => status.conditions?.find(({ type }) => type === conditionType)?.status === 'True');
  return `${open.length}/${gates.length}`;
}

export const podColumns: readonly Column<Pod>[] = [
  nameColumn(),
  col('Ready', readyText),
  col('Status', (pod) => summaryOf(pod).reason),
  col('Restarts', restartsText),
  age(),
  wide('IP', ({ status }) => status.podIPs?.[0]?.ip || '<none>'),
  wide('Node', ({ spec }) => spec.nodeName || '<none>'),
  wide('Nominated Node', ({ status }) => status.nominatedNodeName || '<none>'),
  wide('Readiness Gates', readinessGatesText),
];

const completed: Readonly<Record<string, RowCondition>> = {
  Succeeded: { type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' },
  Failed: { type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' },
};

/** Says that a pod is done, so that printers may leave it out. */
export function podRowConditions({ status }: Pod): RowCondition[] {
  const condition = completed[status.phase ?? ''];
  return condition === undefined ? [] : [condition];
}

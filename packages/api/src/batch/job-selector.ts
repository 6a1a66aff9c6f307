import type { batch } from '@keelson/schema';

type Job = batch.v1.Job;

/** Labels of a job's pods; each has an older name without the prefix. */
const jobNameLabels = ['job-name', 'batch.kubernetes.io/job-name'];
const controllerUidLabel = 'batch.kubernetes.io/controller-uid';
const controllerUidLabels = ['controller-uid', controllerUidLabel];

/** What the pods of a job are labelled with, and selected by, unless its author says otherwise. */
export function generatedLabels({ metadata }: Job): Record<string, string> {
  const { name = '', uid = '' } = metadata;
  return Object.fromEntries([...jobNameLabels.map((label) => [label, name]), ...controllerUidLabels.map((label) => [label, uid])]);
}

/** The selector that no other job has. */
export function generatedSelector({ metadata }: Job): { matchLabels: Record<string, string> } {
  return { matchLabels: { [controllerUidLabel]: metadata.uid ?? '' } };
}

/** Makes a new job select its own pods and no others. What its author wrote stays, and is left for validation to refuse. */
export function generateSelector(job: Job): void {
  const { spec } = job;
  spec.template.metadata.labels = { ...generatedLabels(job), ...spec.template.metadata.labels };
  spec.selector = { ...spec.selector, matchLabels: { ...generatedSelector(job).matchLabels, ...spec.selector?.matchLabels } };
}

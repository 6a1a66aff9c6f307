import type { batch } from '@keelson/schema';

type Job = batch.v1.Job;

const controllerUidLabel = 'batch.kubernetes.io/controller-uid';

/** What the pods of a job are labelled with, unless its author says otherwise; each label has an older name without the prefix. */
export function generatedLabels({ metadata }: Job): Record<string, string> {
  const { name = '', uid = '' } = metadata;
  return {
    'controller-uid': uid,
    'job-name': name,
    [controllerUidLabel]: uid,
    'batch.kubernetes.io/job-name': name,
  };
}

/** Makes a new job select its own pods and no others. What its author wrote stays, and is left for validation to refuse. */
export function generateSelector(job: Job): void {
  const { spec } = job;
  spec.template.metadata.labels ??= {};
  addMissing(spec.template.metadata.labels, generatedLabels(job));
  spec.selector = {
    ...spec.selector,
    matchLabels: sorted({ [controllerUidLabel]: job.metadata.uid ?? '', ...spec.selector?.matchLabels }),
  };
}

/** In place, as the job may share the labels of its template. */
function addMissing(labels: Record<string, string>, more: Readonly<Record<string, string>>): void {
  const all = sorted({ ...more, ...labels });
  for (const label of Object.keys(labels)) delete labels[label];
  Object.assign(labels, all);
}

/** In the order that messages show labels in. */
function sorted(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

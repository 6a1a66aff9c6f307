import type { batch } from '@keelson/schema';

/** What jobs and the templates of cron jobs have in common besides their pods. */
export function defaultFailurePolicy({ podFailurePolicy }: batch.v1.JobSpec): void {
  for (const { onPodConditions } of podFailurePolicy?.rules ?? []) {
    for (const pattern of onPodConditions ?? []) pattern.status ||= 'True';
  }
}

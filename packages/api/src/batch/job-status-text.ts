import type { batch } from '@keelson/schema';

type Job = batch.v1.Job;

export function hasCondition({ conditions }: batch.v1.JobStatus, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}

/** Where a job stands, in one word: what ended it comes before what goes on. */
export function jobStatusText({ metadata, status }: Job): string {
  const ended = ['Complete', 'Failed'].find((type) => hasCondition(status, type));
  if (ended !== undefined) return ended;
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find((type) => hasCondition(status, type)) ?? 'Running';
}
